namespace Ioc.Server.Access;

/// <summary>Patterns as they are kept: one per line.</summary>
internal static class CredentialText
{
    public static string[] Lines(string? text) => text?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Null when there is none.</summary>
    public static string? Joined(IReadOnlyList<string> patterns) => patterns.Count == 0 ? null : string.Join('\n', patterns);
}
