using Ioc.Simulators.CommandLine;

return await SimulatorCommand.Create(SimulatorRun.RunAsync).Parse(args).InvokeAsync();
