using System.Globalization;
using System.Text;
using Ioc.Broker;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Journal;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Server.Api;
using Ioc.Storage.Operational;
using Ioc.Storage.Replay;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Reads messages out of the journal for people. The one place that decides whether a payload may be shown.</summary>
/// <remarks>
/// A payload is withheld when the message was refused for personal data: as the index or the store says, or as the profiles of now would
/// refuse it. The index alone would not do: its oldest entries go.
/// </remarks>
internal sealed class KeptMessages(
    RecordJournal journal, QuarantineIndex quarantine, IReplayStore store, Func<ProfileSet> profiles, DryRegistry registry, BirthBook births, DecodeLedger ledger, IClock clock)
{
    /// <summary>Reads a message because somebody asked to see it; being refused is written down.</summary>
    /// <returns>Null when the journal does not keep it, or it is no message.</returns>
    public async Task<KeptMessage?> OpenAsync(long offset, string by, CancellationToken stopping)
    {
        KeptMessage? message = await ReadAsync(offset, stopping);
        if (message is { IsWithheld: true })
            await ledger.WriteAsync(clock.GetCurrentInstant(), by, "viewRefused", offset.ToString(CultureInfo.InvariantCulture), null, stopping);

        return message;
    }

    /// <summary>Reads a message as part of something else.</summary>
    public async Task<KeptMessage?> ReadAsync(long offset, CancellationToken stopping)
    {
        if (MessagesApi.ReadAt(journal, offset) is not { Kind: RecordKind.Publish } record || !PublishHeader.TryRead(record.Header, out PublishHeader header))
            return null;

        var message = new KeptMessage(
            offset, record.ReceivedAt, Encoding.UTF8.GetString(header.Topic), Encoding.UTF8.GetString(header.ClientId), Encoding.UTF8.GetString(header.UserName),
            header.Source.IsEmpty ? Device.DefaultSource : Encoding.UTF8.GetString(header.Source), header.Retain, header.RetainedDelivery, record.Payload, IsWithheld: WouldRefuse(record));
        return message with
        {
            IsWithheld = message.IsWithheld
                || await quarantine.FindAsync(offset, stopping) is { Reason: QuarantineReason.PersonalData }
                || (await store.FindMessageAsync(offset, stopping)).Reason == QuarantineReason.PersonalData,
        };
    }

    // With a registry that creates nobody: looking at a message must not bring a device into being.
    private bool WouldRefuse(StoredRecord record)
    {
        PublishHeader.TryRead(record.Header, out PublishHeader header);
        var batch = new ReadingBatch();
        batch.Clear(record.Offset);
        var message = new RawMessage
        {
            Offset = record.Offset,
            ReceivedAt = record.ReceivedAt,
            Source = header.Source.IsEmpty ? "default"u8 : header.Source,
            Topic = header.Topic,
            Payload = record.Payload,
            RetainedDelivery = header.RetainedDelivery,
        };
        new MessageDecoder(profiles(), registry.Shared, births).Decode(message, batch);
        return batch.Messages[0].Reason == QuarantineReason.PersonalData;
    }
}

/// <summary>A message out of the journal.</summary>
/// <param name="Offset">Where the journal has it.</param>
/// <param name="ReceivedAt">Arrival.</param>
/// <param name="Topic">Where it was published.</param>
/// <param name="ClientId">Who published it.</param>
/// <param name="UserName">With which credential; empty without one.</param>
/// <param name="Source">The source of its device's key.</param>
/// <param name="Retain">Its RETAIN flag.</param>
/// <param name="RetainedDelivery">Another broker handed us what it had retained.</param>
/// <param name="Payload">Its bytes. For the decoder; shown to nobody when withheld.</param>
/// <param name="IsWithheld">Refused for personal data: its payload may not be shown.</param>
internal sealed record KeptMessage(
    long Offset, Instant ReceivedAt, string Topic, string ClientId, string UserName, string Source, bool Retain, bool RetainedDelivery, byte[] Payload, bool IsWithheld);

/// <summary>A kept message as a person sees it.</summary>
/// <param name="Offset">Where the journal has it.</param>
/// <param name="ReceivedAt">Arrival.</param>
/// <param name="Topic">Where it was published.</param>
/// <param name="Client">Who published it.</param>
/// <param name="User">With which credential; null without one.</param>
/// <param name="Bytes">Size of the whole payload.</param>
/// <param name="Withheld">True when the payload may not be shown: the message was refused for personal data.</param>
/// <param name="Hex">The payload's beginning in hexadecimal; null when withheld.</param>
/// <param name="Text">The same as text; null when withheld, or when it is none.</param>
/// <param name="Truncated">The payload is longer than what is shown.</param>
public sealed record KeptMessageView(
    long Offset, Instant ReceivedAt, string Topic, string Client, string? User, int Bytes, bool Withheld, string? Hex, string? Text, bool Truncated)
{
    internal static KeptMessageView Of(KeptMessage message, int maxBytes = MessagesApi.MaxShownBytes)
    {
        ReadOnlySpan<byte> shown = message.Payload.AsSpan(0, Math.Min(message.Payload.Length, maxBytes));
        bool isText = !message.IsWithheld && MessagesApi.IsText(shown);
        return new KeptMessageView(
            message.Offset,
            message.ReceivedAt,
            message.Topic,
            message.ClientId,
            message.UserName.Length == 0 ? null : message.UserName,
            message.Payload.Length,
            message.IsWithheld,
            message.IsWithheld ? null : Convert.ToHexStringLower(shown),
            isText ? Encoding.UTF8.GetString(shown) : null,
            message.Payload.Length > shown.Length);
    }
}
