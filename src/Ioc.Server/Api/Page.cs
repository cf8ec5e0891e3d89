namespace Ioc.Server.Api;

/// <summary>A list answer.</summary>
/// <param name="Items">The rows of this page.</param>
/// <param name="Next">What to send as <c>cursor</c> for the next page; null after the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
