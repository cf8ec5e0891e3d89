using System.Text;
using Ioc.Profiles;
using Ioc.Profiles.Documents;

namespace Ioc.Tests.Profiles.Documents;

/// <summary>A codec by itself: body in, JSON text out.</summary>
internal static class Transcoding
{
    /// <summary>What a codec writes; null when it refuses the body or would write too much.</summary>
    public static string? Write(DocumentFormat format, ReadOnlySpan<byte> body)
    {
        var json = new JsonScratch();
        json.Open("?"u8);
        int start = json.Begin();
        var message = new RawMessage { Offset = 0, ReceivedAt = DecoderUnderTest.Arrival, Source = default, Topic = default, Payload = body };
        bool written = format.Open().TryWrite(body, in message, json) && !json.IsFull;
        return written ? Encoding.UTF8.GetString(json.Written[start..]) : null;
    }

    public static string? Write(DocumentFormat format, string body) => Write(format, Encoding.UTF8.GetBytes(body));
}
