using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>Attacks run one after the other and alone: they measure memory and time.</summary>
[CollectionDefinition("Hostile", DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's own word for it
public sealed class HostileCollection;
#pragma warning restore CA1711
