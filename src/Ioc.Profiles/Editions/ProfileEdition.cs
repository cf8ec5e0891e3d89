namespace Ioc.Profiles.Editions;

/// <summary>The whole profile folder as it was at one time, compiled. Immutable.</summary>
/// <param name="Id">First sixteen hexadecimal digits of the SHA-256 over the names and contents of its files.</param>
/// <param name="Folder">Where its files are kept; they do not change any more.</param>
/// <param name="Set">The compiled profiles.</param>
public sealed record ProfileEdition(string Id, string Folder, ProfileSet Set);
