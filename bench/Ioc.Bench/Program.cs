using BenchmarkDotNet.Running;
using Ioc.Bench.Profiles;

if (args is ["decode", .. var wanted])
    DecodeTable.Run(wanted is [var name] ? name : "");
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
