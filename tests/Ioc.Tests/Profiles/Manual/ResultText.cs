using System.Globalization;
using Ioc.Server.ProfileTools;
using NodaTime;

namespace Ioc.Tests.Profiles.Manual;

/// <summary>What came of a message, in the words of the manual's result blocks.</summary>
internal static class ResultText
{
    /// <summary>Everything that a result block has to say, line by line.</summary>
    public static IReadOnlyList<string> Of(DecodeView view, Instant arrival) =>
    [
        .. view.Outcome switch
        {
            "reject" => [$"set aside: {view.RejectReason}"],
            "ignore" => ["ignored"],
            "state" => [view.State!.Online ? "online" : "offline"],
            _ => Array.Empty<string>(),
        },
        .. view.Readings.Select(reading => Of(reading, view.Device, arrival)),
        .. (view.Attributes ?? new Dictionary<string, object>()).Select(fact => string.Create(CultureInfo.InvariantCulture, $"{fact.Key} = {fact.Value}")),
    ];

    /// <summary>Whether a line that a result block may say or leave out is true.</summary>
    /// <returns>Null when the line is not of that kind.</returns>
    public static bool? IsAside(string line, DecodeView view)
    {
        string[] words = line.Split(' ');
        return words switch
        {
            ["device", var key] => view.Device == key,
            ["profile", var name] => view.Profile == name,
            ["no", var metric] => view.Absent.Any(absent => absent.Metric == metric),
            ["no", var metric, var reason] => view.Absent.Any(absent => $"{absent.Metric}:" == metric && absent.Reason == reason),
            _ => null,
        };
    }

    private static string Of(DecodedReading reading, string? device, Instant arrival)
    {
        string who = reading.Device == device ? "" : $"{reading.Device}: ";
        string channel = reading.Channel is null ? "" : $"[{reading.Channel}]";
        string value = reading.Canonical.Value switch
        {
            bool flag => flag ? "true" : "false",
            double number => number.ToString("G10", CultureInfo.InvariantCulture),
            var other => Convert.ToString(other, CultureInfo.InvariantCulture)!,
        };
        string unit = reading.Canonical.Unit is null or "1" ? "" : $" {reading.Canonical.Unit}";
        string delta = reading.Delta is { } counted ? string.Create(CultureInfo.InvariantCulture, $" +{counted:G10}{(reading.CounterEvent is null ? "" : " ")}{reading.CounterEvent}") : "";
        string time = reading.Time == arrival ? "" : $" at {reading.Time}";
        string quality = reading.Quality == "good" ? "" : $" ({reading.Quality.Replace(",", ", ", StringComparison.Ordinal)})";
        return $"{who}{reading.Metric}{channel} {value}{unit}{delta}{time}{quality}";
    }
}
