using Plait.Cli;
using Plait.Cli.Commands;
using Plait.Torch;

FreedMemory.Keep();
return await CommandHost.RunAsync(PlaitCommand.Create(), args);
