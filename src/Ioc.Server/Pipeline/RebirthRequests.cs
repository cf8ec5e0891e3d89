using System.Text;
using Ioc.Broker;
using Ioc.Profiles.Sparkplug;
using Microsoft.Extensions.Options;

namespace Ioc.Server.Pipeline;

/// <summary>Publishes a message of ours.</summary>
internal delegate AcceptOutcome OwnPublish(ReadOnlySpan<byte> topic, byte[] payload);

/// <summary>Asks Sparkplug nodes for their births, seldom enough that a confused or hostile one cannot make a storm of it.</summary>
/// <remarks>Touched only by the head of the pipeline. A request that is held back or lost comes again with the node's next message.</remarks>
internal sealed class RebirthRequests(OwnPublish publish, IOptions<PipelineOptions> options, TimeProvider time, ILogger<RebirthRequests> log)
{
    /// <summary>Most nodes whose last request is remembered; of more than this, none is asked until one of them may be asked again.</summary>
    public const int MaxNodes = 10_000;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(options.Value.RebirthSeconds);
    private readonly Dictionary<string, long> _askedAt = new(StringComparer.Ordinal);

    /// <summary>Filled by the decoder of live messages.</summary>
    public RebirthWishes Wishes { get; } = new();

    /// <summary>Acts on the wishes since the last call.</summary>
    public void Send()
    {
        if (Wishes.All.Count == 0)
            return;

        foreach (RebirthWish wish in Wishes.All)
        {
            if (_interval > TimeSpan.Zero && IsDue(wish))
                Ask(wish);
        }

        Wishes.Clear();
    }

    private bool IsDue(RebirthWish wish)
    {
        string topic = Encoding.UTF8.GetString(wish.CommandTopic);
        if (_askedAt.TryGetValue(topic, out long askedAt) && time.GetElapsedTime(askedAt) < _interval)
            return false;
        if (_askedAt.Count >= MaxNodes)
            ForgetOld();
        if (_askedAt.Count >= MaxNodes)
            return false;

        _askedAt[topic] = time.GetTimestamp();
        return true;
    }

    private void ForgetOld()
    {
        foreach ((string topic, long askedAt) in _askedAt)
        {
            if (time.GetElapsedTime(askedAt) >= _interval)
                _askedAt.Remove(topic);
        }
    }

    private void Ask(RebirthWish wish)
    {
        AcceptOutcome outcome = publish(wish.CommandTopic, RebirthWish.Command(time.GetUtcNow().ToUnixTimeMilliseconds()));
        string group = Encoding.UTF8.GetString(wish.Group.Span);
        string node = Encoding.UTF8.GetString(wish.Node.Span);
        if (outcome == AcceptOutcome.Accepted)
            RebirthRequestsLog.Asked(log, group, node);
        else
            RebirthRequestsLog.NotAsked(log, group, node, outcome);
    }
}

internal static partial class RebirthRequestsLog
{
    [LoggerMessage(9080, LogLevel.Information, "Sparkplug node '{Group}/{Node}' is asked for its births: a message was missed, or names nothing that is known")]
    public static partial void Asked(ILogger log, string group, string node);

    [LoggerMessage(9081, LogLevel.Warning, "Sparkplug node '{Group}/{Node}' could not be asked for its births: {Outcome}")]
    public static partial void NotAsked(ILogger log, string group, string node, AcceptOutcome outcome);
}
