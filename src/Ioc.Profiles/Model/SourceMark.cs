namespace Ioc.Profiles.Model;

/// <summary>Where something was written: what an error message points at.</summary>
/// <param name="File">Path relative to the profile folder, with forward slashes.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct SourceMark(string File, long Line)
{
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>A piece of text and where it was written.</summary>
internal sealed record MarkedText(string Value, SourceMark Mark);
