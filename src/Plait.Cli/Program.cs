using Plait.Cli;

return await CommandHost.RunAsync(args);
