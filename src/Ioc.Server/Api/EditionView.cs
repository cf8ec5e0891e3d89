using Ioc.Profiles.Editions;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>The state of the profile folder.</summary>
/// <param name="Edition">What new messages are decoded with: first sixteen hexadecimal digits of the SHA-256 over the folder's files.</param>
/// <param name="FromOffset">First journal offset that it decodes.</param>
/// <param name="Since">When it came into force.</param>
/// <param name="ProfileCount">How many profiles it has.</param>
/// <param name="Mistakes">What is wrong in the folder as it is now, each as "file:line: message"; while there are any, the folder is not in force.</param>
/// <param name="History">Every edition that part of the journal is decoded with, the oldest first.</param>
internal sealed record EditionView(string Edition, long FromOffset, Instant Since, int ProfileCount, IReadOnlyList<string> Mistakes, IReadOnlyList<EditionEntry> History)
{
    public static EditionView Of(ProfileEditions editions)
    {
        ProfileEdition current = editions.Current;
        IReadOnlyList<EditionSince> history = editions.History;
        return new EditionView(
            current.Id,
            history is [.., var last] ? last.Offset : 0,
            history is [.., var newest] ? newest.Since() : default,
            current.Set.Profiles.Count,
            editions.Mistakes,
            [.. history.Select(entry => new EditionEntry(entry.Id, entry.Offset, entry.Since()))]);
    }
}

/// <summary>An edition and where it begins.</summary>
/// <param name="Edition">Its id.</param>
/// <param name="FromOffset">First journal offset that it decodes.</param>
/// <param name="Since">When it came into force.</param>
internal sealed record EditionEntry(string Edition, long FromOffset, Instant Since);
