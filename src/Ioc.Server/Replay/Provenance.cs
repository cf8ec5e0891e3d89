using System.Text;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Profiles.Editions;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.ProfileTools;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Where a stored value comes from: the message, the profiles that read it, and how they read it.</summary>
/// <param name="Message">The message as the journal keeps it; null when it is no longer kept.</param>
/// <param name="Stored">What the store has of it.</param>
/// <param name="Profiles">The edition of the profile folder that decoded it.</param>
/// <param name="Replay">The replay that decoded it last; null when none did since it arrived.</param>
/// <param name="Profile">The profile that read it, with its version; null when none was chosen, or it cannot be told any more.</param>
/// <param name="Decode">How that edition reads it; null when the message is not kept, or its payload may not be shown.</param>
public sealed record ProvenanceView(KeptMessageView? Message, StoredMessageView Stored, string? Profiles, long? Replay, ProfileVersionView? Profile, DecodeView? Decode);

/// <summary>What the store has of a message.</summary>
/// <param name="Readings">Stored readings.</param>
/// <param name="Outcome">stored, ignored, duplicate or quarantined; null when it is not known.</param>
/// <param name="Reason">Why, when it was set aside.</param>
public sealed record StoredMessageView(long Readings, string? Outcome, string? Reason);

/// <summary>A version of a profile.</summary>
/// <param name="Name">The profile.</param>
/// <param name="Version">First twelve hexadecimal digits of the SHA-256 of its file; empty from where it is no longer there.</param>
/// <param name="SinceOffset">The first journal offset that it decoded.</param>
/// <param name="Since">When it came into force.</param>
public sealed record ProfileVersionView(string Name, string Version, long SinceOffset, Instant Since)
{
    internal static ProfileVersionView Of(ProfileVersion version) => new(version.Name, version.Version, version.SinceOffset, version.SeenAt);
}

/// <summary>Answers where values come from.</summary>
internal sealed class Provenance(KeptMessages messages, IReplayStore store, ProfileEditions editions, BenchShelf benches, ProfileVersions versions, DeviceRegistry registry, BirthBook births)
{
    /// <summary>What is known of a message; null when neither journal nor store has it.</summary>
    public async Task<ProvenanceView?> OfAsync(long offset, string by, CancellationToken stopping)
    {
        KeptMessage? message = await messages.OpenAsync(offset, by, stopping);
        StoredMessage stored = await store.FindMessageAsync(offset, stopping);
        if (message is null && stored.Outcome is null)
            return null;

        ProfileEdition edition = stored.ReplayProfiles is { } replayed ? editions.Of(replayed) : editions.At(offset);
        DecodeView? decode = message is { IsWithheld: false } ? Decode(message, edition) : null;
        return new ProvenanceView(
            message is null ? null : KeptMessageView.Of(message),
            new StoredMessageView(
                stored.ReadingCount,
                stored.Outcome is { } outcome ? Words.Of(outcome) : null,
                stored.Reason == QuarantineReason.None ? null : Words.Of(stored.Reason)),
            message is null ? stored.ReplayProfiles : edition.Id,
            stored.Replay,
            decode?.Profile is { } profile ? await VersionAsync(profile, edition, offset, stored.Replay is not null, stopping) : null,
            decode);
    }

    private DecodeView Decode(KeptMessage message, ProfileEdition edition)
    {
        byte[] source = Encoding.UTF8.GetBytes(message.Source);
        return benches.Of(edition).Decode(
            new CapturedMessage(message.Topic, message.Payload, message.ReceivedAt, message.RetainedDelivery),
            [],
            key => registry.Find(source, Encoding.UTF8.GetBytes(key)) is { Value: not 0 } id ? registry[id] : null,
            withSteps: true,
            message.Topic.StartsWith("spBv1.0/", StringComparison.Ordinal) ? births : null,
            message.Offset);
    }

    // Decoded again, it has the version of that edition; else the one that was in force when the store took it.
    private async Task<ProfileVersionView?> VersionAsync(string profile, ProfileEdition edition, long offset, bool isReplayed, CancellationToken stopping)
    {
        if (!isReplayed)
            return await versions.AtAsync(profile, offset, stopping) is { } then ? ProfileVersionView.Of(then) : null;

        string? version = benches.Of(edition).Outlines.GetValueOrDefault(profile)?.Version;
        ProfileVersion? noted = (await versions.ReadAsync(profile, stopping)).LastOrDefault(one => one.Version == version);
        return noted is null ? null : ProfileVersionView.Of(noted);
    }
}
