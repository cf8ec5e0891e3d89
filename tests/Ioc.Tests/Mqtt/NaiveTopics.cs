namespace Ioc.Tests.Mqtt;

/// <summary>Topic matching as plainly as it can be said, and small random topics that often collide.</summary>
internal static class NaiveTopics
{
    private static readonly string[] Words = ["a", "b", "", "$x", "đ"];

    public static string Topic(Random random)
    {
        string topic = string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Words[random.Next(Words.Length)]));
        return topic.Length == 0 ? "a" : topic;
    }

    public static string Filter(Random random)
    {
        string[] levels = [.. Topic(random).Split('/').Select(level => random.Next(3) == 0 ? "+" : level)];
        if (random.Next(3) == 0)
            levels[^1] = "#";
        return string.Join('/', levels);
    }

    public static bool Matches(string filter, string topic)
    {
        if (topic.StartsWith('$') && (filter.StartsWith('+') || filter.StartsWith('#')))
            return false;

        string[] wanted = filter.Split('/');
        string[] given = topic.Split('/');
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == "#")
                return true;
            if (i >= given.Length || (wanted[i] != "+" && wanted[i] != given[i]))
                return false;
        }

        return wanted.Length == given.Length;
    }
}
