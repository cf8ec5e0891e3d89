using Ioc.Devices.Files;

namespace Ioc.Devices.Registry;

/// <summary>The seeds are wrong.</summary>
public sealed class SeedException(IReadOnlyList<FileError> errors) : FileErrorsException(errors);
