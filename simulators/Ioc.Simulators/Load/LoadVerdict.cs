namespace Ioc.Simulators.Load;

/// <summary>What a load came to, in the words scripts look for.</summary>
/// <param name="Stored">Messages stored meanwhile, whoever sent them; null when no server was asked.</param>
internal sealed record LoadVerdict(long Wanted, long Sent, long Acknowledged, long? Stored, long InFlight, long Difference)
{
    public static LoadVerdict Of(long wanted, long sent, long acknowledged, Balance? before, Balance? after) => new(
        wanted, sent, acknowledged, after?.Stored - before?.Stored, after?.InFlight ?? 0, after?.Difference ?? 0);

    /// <summary>Something that was to arrive is missing.</summary>
    public bool IsMissingAny => Sent < Wanted || Acknowledged < Wanted || Stored < Wanted || InFlight != 0 || Difference != 0;

    public IEnumerable<string> Lines()
    {
        yield return FormattableString.Invariant($"sent {Sent}, acknowledged {Acknowledged}");
        if (Stored is { } stored)
            yield return FormattableString.Invariant($"stored {stored}");
        if (Stored is not null && (InFlight != 0 || Difference != 0))
            yield return FormattableString.Invariant($"in flight {InFlight}, difference {Difference}");
    }
}
