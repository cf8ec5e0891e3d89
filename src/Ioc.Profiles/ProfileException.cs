namespace Ioc.Profiles;

/// <summary>The profile folder cannot be used. Carries every error found, not only the first.</summary>
public sealed class ProfileException : Exception
{
    /// <summary>Makes the exception from the errors found.</summary>
    /// <param name="errors">Each as "file:line: what is wrong and how to mend it".</param>
    public ProfileException(IReadOnlyList<string> errors)
        : base(string.Join(Environment.NewLine, errors))
    {
        Errors = errors;
    }

    /// <summary>Each as "file:line: what is wrong and how to mend it".</summary>
    public IReadOnlyList<string> Errors { get; }
}
