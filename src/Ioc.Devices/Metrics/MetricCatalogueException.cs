using Ioc.Devices.Files;

namespace Ioc.Devices.Metrics;

/// <summary>The metric catalogue is wrong.</summary>
public sealed class MetricCatalogueException(IReadOnlyList<FileError> errors) : FileErrorsException(errors);
