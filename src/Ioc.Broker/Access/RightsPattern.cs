using System.Text;
using Ioc.Mqtt.Topics;

namespace Ioc.Broker.Access;

/// <summary>Turns a pattern with placeholders into the filter that holds for one connection.</summary>
public static class RightsPattern
{
    private static readonly string[] Placeholders = ["{user}", "{client}", "{device}"];

    /// <summary>Why this is not a pattern; null when it is one.</summary>
    public static string? Fault(string pattern)
    {
        string filled = pattern;
        foreach (string placeholder in Placeholders)
            filled = filled.Replace(placeholder, "x", StringComparison.Ordinal);

        if (filled.AsSpan().IndexOfAny('{', '}') >= 0)
            return $"'{pattern}': braces only around user, client and device.";

        byte[] utf8 = Encoding.UTF8.GetBytes(filled);
        if (utf8.Length > TopicName.MaxBytes || filled.Contains('\0', StringComparison.Ordinal) || !TopicFilter.IsValid(utf8))
            return $"'{pattern}' is not a topic filter.";
        return TopicFilter.IsShared(utf8) ? $"'{pattern}': name the filter itself; a share of it is allowed with it." : null;
    }

    /// <summary>The filter in UTF-8; null when a placeholder has no value here, or one that would say more than itself.</summary>
    /// <param name="pattern">One without <see cref="Fault"/>.</param>
    /// <param name="user">The user name; null when anonymous.</param>
    /// <param name="client">The client id.</param>
    /// <param name="device">The credential's device.</param>
    internal static byte[]? Resolve(string pattern, string? user, string? client, string? device)
    {
        string?[] values = [user, client, device];
        string filled = pattern;
        // In one walk, so that a client that calls itself "{device}" does not become one.
        for (int at = 0; (at = filled.IndexOf('{', at)) >= 0;)
        {
            int which = Array.FindIndex(Placeholders, placeholder => string.CompareOrdinal(filled, at, placeholder, 0, placeholder.Length) == 0);
            if (which < 0 || values[which] is not { } value || !IsHarmless(value, atStart: at == 0))
                return null;

            filled = string.Concat(filled.AsSpan(0, at), value, filled.AsSpan(at + Placeholders[which].Length));
            at += value.Length;
        }

        byte[] filter = Encoding.UTF8.GetBytes(filled);
        return filter.Length <= TopicName.MaxBytes && TopicFilter.IsValid(filter) ? filter : null;
    }

    // A name must stay within its level: no wildcard, no separator; and at the front it must not open the server's own topics.
    private static bool IsHarmless(string value, bool atStart) =>
        value.Length > 0 && value.AsSpan().IndexOfAny("+#/\0") < 0 && !(atStart && value[0] == '$');
}
