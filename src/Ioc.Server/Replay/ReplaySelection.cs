using System.Text.Json;
using System.Text.Json.Serialization;
using Ioc.Server.Api;
using NodaTime;

namespace Ioc.Server.Replay;

/// <summary>Which messages are decoded again: those of a device, of a group that was set aside, or of a time range, or what is common to several of these.</summary>
/// <param name="Device">API id of a device; null for any.</param>
/// <param name="Group">Id of a group; null for any.</param>
/// <param name="From">Received at or after; null for no bound.</param>
/// <param name="To">Received before; null for no bound.</param>
public sealed record ReplaySelection(string? Device, string? Group, Instant? From, Instant? To)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new InstantJson() },
    };

    internal string ToJson() => JsonSerializer.Serialize(this, Options);

    internal static ReplaySelection FromJson(string json) => JsonSerializer.Deserialize<ReplaySelection>(json, Options)!;
}
