using Ioc.Devices.Files;

namespace Ioc.Alarms.Rules;

/// <summary>The alarm rules are wrong.</summary>
public sealed class AlarmRulesException(IReadOnlyList<FileError> errors) : FileErrorsException(errors);
