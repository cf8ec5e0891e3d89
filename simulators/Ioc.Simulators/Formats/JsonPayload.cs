using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ioc.Simulators.Formats;

/// <summary>Writes one JSON payload.</summary>
internal static class JsonPayload
{
    // Firmware does not escape '+' or '/' in base64, as the default encoder would.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
