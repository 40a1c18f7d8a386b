using Plait.Cli;
using Plait.Cli.Commands;

return await CommandHost.RunAsync(PlaitCommand.Create(), args);
