namespace Ioc.Simulators.Fleet;

/// <summary>A fleet file that cannot be played. The message lists every error, one per line, as "file:line: what".</summary>
internal sealed class FleetFileException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors => errors;
}
