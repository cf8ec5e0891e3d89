namespace Ioc.Profiles.Model;

/// <summary>Collects everything wrong in a profile folder, so that a person mends it in one go.</summary>
internal sealed class ProfileErrors
{
    private readonly List<(SourceMark Mark, string Message)> _errors = [];

    /// <summary>Gets what the readers ask for; null unless somebody wants to know the language.</summary>
    public LanguageShape? Shapes { get; init; }

    public bool Any => _errors.Count > 0;

    public void Add(SourceMark mark, string message)
    {
        // A binding is compiled once per envelope; one mistake is told once.
        if (!_errors.Contains((mark, message)))
            _errors.Add((mark, message));
    }

    public void ThrowIfAny()
    {
        if (!Any)
            return;

        IEnumerable<string> lines = _errors
            .OrderBy(error => error.Mark.File, StringComparer.Ordinal)
            .ThenBy(error => error.Mark.Line)
            .Select(error => $"{error.Mark}: {error.Message}");
        throw new ProfileException([.. lines]);
    }
}
