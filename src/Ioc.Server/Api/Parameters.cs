using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Ioc.Server.Api;

/// <summary>Reads request parameters, which all arrive as text so that a wrong one gets a reasoned answer.</summary>
internal static class Parameters
{
    public const int DefaultLimit = 100;

    public static int Limit(string? text, int max = 1_000)
    {
        if (string.IsNullOrEmpty(text))
            return DefaultLimit;

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= 1 && limit <= max
            ? limit
            : throw new BadParameterException("limit", $"'{text}' is not a whole number from 1 to {max}.");
    }

    public static T? Word<T>(string name, string? text)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
            return null;

        return Words.TryParse(text, out T value)
            ? value
            : throw new BadParameterException(name, $"'{text}' is none of {Words.All<T>()}.");
    }

    public static Instant? Time(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        // A blank is what an unescaped '+' in front of an offset becomes on its way here.
        ParseResult<OffsetDateTime> parsed = OffsetDateTimePattern.ExtendedIso.Parse(text.Replace(' ', '+'));
        return parsed.Success
            ? parsed.Value.ToInstant()
            : throw new BadParameterException(name, $"'{text}' is not an ISO 8601 time with an offset or Z, such as 2026-11-22T03:00:00Z.");
    }

    public static long? Number(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new BadParameterException(name, $"'{text}' is not a cursor given by this server.");
    }
}
