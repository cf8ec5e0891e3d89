using System.ComponentModel;
using System.Text;
using System.Text.Unicode;
using Ioc.Broker;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Devices.Twins;
using Ioc.Journal;
using Microsoft.AspNetCore.Mvc;
using NodaTime;

namespace Ioc.Server.Api;

/// <summary>A message as it came.</summary>
/// <param name="Payload">Text, or hex digits; null when the journal no longer keeps it or may not show it.</param>
/// <param name="Encoding">How <paramref name="Payload"/> is to be read: <c>text</c> or <c>hex</c>.</param>
/// <param name="Bytes">Size of the whole payload; it is cut when shown.</param>
/// <param name="Outcome">stored, ignored or quarantined.</param>
/// <param name="Reason">Why it was set aside.</param>
public sealed record MessageView(long Offset, Instant ReceivedAt, string? Topic, string? Payload, string Encoding, int Bytes, string Outcome, string? Reason);

/// <summary>Raw messages, out of the journal.</summary>
internal static class MessagesApi
{
    // Enough for any message a person reads; a firmware image shown whole would only harm the page.
    public const int MaxShownBytes = 16 * 1024;

    public static void MapMessages(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/devices/{id}/messages", List).WithSummary("The last raw messages of a device, newest first")
            .Produces<Page<MessageView>>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Where a message was published; null when the journal no longer keeps it, or the disk has damaged it.</summary>
    public static string? TopicAt(RecordJournal journal, long offset) =>
        ReadAt(journal, offset) is { } record && PublishHeader.TryRead(record.Header, out PublishHeader header) ? Encoding.UTF8.GetString(header.Topic) : null;

    private static Page<MessageView> List(
        DeviceRegistry registry,
        TwinStore twins,
        RecordJournal journal,
        string id,
        [FromQuery, Description("At most this many, default 100; the last twenty are remembered")] string? limit)
    {
        Device device = DevicesApi.Find(registry, id);
        return new Page<MessageView>([.. twins.ReadMessages(device.Id).Take(Parameters.Limit(limit)).Select(message => Of(journal, message))], null);
    }

    private static MessageView Of(RecordJournal journal, LastMessage message)
    {
        string outcome = Words.Of(message.Outcome);
        string? reason = message.Reason == QuarantineReason.None ? null : Words.Of(message.Reason);
        if (ReadAt(journal, message.Offset) is not { } record || !PublishHeader.TryRead(record.Header, out PublishHeader header))
            return new MessageView(message.Offset, message.ReceivedAt, null, null, "text", 0, outcome, reason);

        string topic = Encoding.UTF8.GetString(header.Topic);
        if (message.Reason == QuarantineReason.PersonalData)
            return new MessageView(message.Offset, message.ReceivedAt, topic, null, "text", record.Payload.Length, outcome, reason);

        ReadOnlySpan<byte> shown = record.Payload.AsSpan(0, Math.Min(record.Payload.Length, MaxShownBytes));
        bool text = IsText(shown);
        return new MessageView(
            message.Offset,
            message.ReceivedAt,
            topic,
            text ? Encoding.UTF8.GetString(shown) : Convert.ToHexStringLower(shown),
            text ? "text" : "hex",
            record.Payload.Length,
            outcome,
            reason);
    }

    // What is damaged was logged and set aside when the pipeline met it; the rest of the page is still worth showing.
    public static StoredRecord? ReadAt(RecordJournal journal, long offset)
    {
        try
        {
            return journal.TryReadAt(offset, out StoredRecord? record) ? record : null;
        }
        catch (JournalCorruptException)
        {
            return null;
        }
    }

    public static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                return false;
        }

        return Utf8.IsValid(bytes);
    }
}
