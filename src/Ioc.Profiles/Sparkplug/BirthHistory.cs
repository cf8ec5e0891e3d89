namespace Ioc.Profiles.Sparkplug;

/// <summary>A birth or death of a node or device.</summary>
/// <param name="Offset">Where the journal has it.</param>
/// <param name="BdSeq">What the death belonging to it will say; −1 when it says nothing.</param>
/// <param name="Certificate">Null for a death.</param>
internal sealed record BirthEvent(long Offset, long BdSeq, BirthCertificate? Certificate);

/// <summary>The births and deaths of one node or device, oldest first. One writer at a time under the book's lock, any number of readers without.</summary>
/// <remarks>Several generations are kept, because a consumer that is behind decodes older messages with the births of their time.</remarks>
internal sealed class BirthHistory
{
    /// <summary>Most generations; a node that loses its connection every minute makes so many in two hours.</summary>
    public const int MaxGenerations = 256;

    private BirthEvent[] _events = [];

    /// <summary>All of them, oldest first. A moment's picture.</summary>
    public ReadOnlySpan<BirthEvent> Events => Volatile.Read(ref _events);

    /// <summary>The newest, whatever the offset; null when there is none.</summary>
    public BirthEvent? Newest => Events is [.., var newest] ? newest : null;

    /// <summary>Memory it takes, about; certificates of one content count once.</summary>
    public long Bytes => CostOf(Volatile.Read(ref _events));

    /// <summary>The newest before an offset: what held there.</summary>
    public BirthEvent? Before(long offset)
    {
        BirthEvent[] events = Volatile.Read(ref _events);
        for (int i = events.Length - 1; i >= 0; i--)
        {
            if (events[i].Offset < offset)
                return events[i];
        }

        return null;
    }

    /// <summary>Adds the newest event; one that is known or older changes nothing. The book's lock is held.</summary>
    /// <returns>Memory that it now takes more, or less.</returns>
    public long Add(BirthEvent next)
    {
        BirthEvent[] events = _events;
        if (events.Length > 0 && events[^1].Offset >= next.Offset)
            return 0;

        long bytes = CostOf(events);
        foreach (BirthEvent known in events)
        {
            if (known.Certificate is { } certificate && certificate.Equals(next.Certificate))
                next = next with { Certificate = certificate };
        }

        BirthEvent[] grown = [.. events.Length == MaxGenerations ? events.AsSpan(1) : events, next];
        Volatile.Write(ref _events, grown);
        return CostOf(grown) - bytes;
    }

    private static long CostOf(BirthEvent[] events) =>
        (events.Length * 48L) + events.Select(known => known.Certificate).OfType<BirthCertificate>().Distinct(ReferenceEqualityComparer.Instance).Cast<BirthCertificate>().Sum(certificate => certificate.Bytes);
}
