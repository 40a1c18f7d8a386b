using Plait.Cli.Hosting;

return await CommandHost.RunAsync(args);
