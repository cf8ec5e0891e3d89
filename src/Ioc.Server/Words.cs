using System.Collections.Concurrent;
using System.Text.Json;
using Ioc.Devices.Readings;

namespace Ioc.Server;

/// <summary>Enumerations as the words of our interfaces: camelCase, one place.</summary>
internal static class Words
{
    private static readonly ConcurrentDictionary<Enum, string> Known = new();

    private static readonly ConcurrentDictionary<Quality, string[]> Doubts = new();

    public static string Of(Enum value) => Known.GetOrAdd(value, static v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()));

    /// <summary>The doubts about a reading; none for a good one.</summary>
    public static string[] Of(Quality quality) => Doubts.GetOrAdd(quality, static q =>
        [.. Enum.GetValues<Quality>().Where(flag => flag != Quality.Good && q.HasFlag(flag)).Select(flag => Of((Enum)flag))]);

    public static bool TryParse<T>(string word, out T value)
        where T : struct, Enum
    {
        foreach (T candidate in Enum.GetValues<T>())
        {
            if (string.Equals(Of(candidate), word, StringComparison.Ordinal))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    public static string All<T>()
        where T : struct, Enum =>
        string.Join(", ", Enum.GetValues<T>().Select(value => Of(value)));
}
