namespace Ioc.Devices.Files;

/// <summary>Collects what is wrong in a set of files, so that one start shows all of it.</summary>
public sealed class FileErrors
{
    private readonly List<FileError> _all = [];

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => _all.Count == 0;

    /// <summary>Notes an error.</summary>
    public void Add(string file, int line, string message) => _all.Add(new FileError(file, line, message));

    /// <summary>All errors, file by file in the order in which the files were read, by line within a file.</summary>
    public IReadOnlyList<FileError> Sorted()
    {
        List<string> files = [.. _all.Select(error => error.File).Distinct()];
        return [.. _all.OrderBy(error => files.IndexOf(error.File)).ThenBy(error => error.Line)];
    }

    /// <summary>Reads a file as strict UTF-8, without its byte order mark.</summary>
    /// <returns>Null when it cannot be read; the reason is noted.</returns>
    public string? ReadText(string path)
    {
        try
        {
            using var reader = new StreamReader(path, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (System.Text.DecoderFallbackException)
        {
            Add(path, 1, "is not UTF-8.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Add(path, 1, $"cannot be read: {failure.Message}");
        }

        return null;
    }
}
