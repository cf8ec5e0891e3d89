namespace Ioc.Devices.Files;

/// <summary>Something wrong in a file that a person wrote.</summary>
/// <param name="File">Its path.</param>
/// <param name="Line">From 1.</param>
/// <param name="Message">What is wrong, naming the value.</param>
public readonly record struct FileError(string File, int Line, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}: {Message}";
}

/// <summary>Files that people write are wrong; <see cref="Errors"/> has everything that is, so that it can be mended in one go.</summary>
public abstract class FileErrorsException : Exception
{
    /// <summary>Lists the errors in the message, one per line.</summary>
    protected FileErrorsException(IReadOnlyList<FileError> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>All errors, by file and line.</summary>
    public IReadOnlyList<FileError> Errors { get; }
}
