using System.Text;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Profiles.Sparkplug;

public sealed class SequenceTests
{
    private readonly BirthBook _book = new();
    private readonly RebirthWishes _wishes = new();
    private long _offset;

    [Fact]
    public void A_sequence_without_gaps_asks_for_nothing_also_where_it_starts_over()
    {
        Born();
        for (int i = 1; i < 600; i++)
            Send(i % 3 == 0 ? "NDATA/n" : "DDATA/n/d", i % 256);

        Assert.Empty(_wishes.All);
    }

    [Fact]
    public void A_gap_asks_for_a_rebirth_once_and_goes_on_from_there()
    {
        Born();
        Send("NDATA/n", 1);
        Send("DDATA/n/d", 4);
        Send("NDATA/n", 5);

        RebirthWish wish = Assert.Single(_wishes.All);
        Assert.Equal(("default", "G", "n"), (Encoding.UTF8.GetString(wish.Source.Span), Encoding.UTF8.GetString(wish.Group.Span), Encoding.UTF8.GetString(wish.Node.Span)));
    }

    [Fact]
    public void A_birth_of_the_node_starts_the_sequence_wherever_it_stood()
    {
        Born();
        Send("NDATA/n", 1);
        Send("NBIRTH/n", 0);
        Send("DBIRTH/n/d", 1);

        Assert.Empty(_wishes.All);
    }

    [Fact]
    public void A_reader_that_is_behind_follows_no_sequence_and_wishes_nothing()
    {
        Born();
        Send("NDATA/n", 9, wishes: null);
        Send("NDATA/n", 1);

        Assert.Empty(_wishes.All);
    }

    [Fact]
    public void A_replay_knows_the_last_number_so_that_what_was_missed_meanwhile_shows()
    {
        Born();
        Send("NDATA/n", 1);
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        _book.WriteSnapshot(bytes);
        var again = new BirthBook();
        Assert.True(again.TryRestoreSnapshot(bytes.WrittenSpan));
        again.Replay(Message("NDATA/n", 2, _offset++));

        var desk = new SparkplugDesk(again) { Wishes = _wishes };
        Note(desk, "NDATA/n", 3);
        Assert.Empty(_wishes.All);
        Note(desk, "NDATA/n", 7);
        Assert.Single(_wishes.All);
    }

    [Fact]
    public void Wishes_that_nobody_hears_are_bounded()
    {
        for (int i = 0; i < 1_000; i++)
            _wishes.Add("default"u8, SparkplugTopic.Of(Encoding.UTF8.GetBytes($"spBv1.0/G/NDATA/n{i}")));

        Assert.Equal(RebirthWishes.Most, _wishes.All.Count);
    }

    private void Born() => Send("NBIRTH/n", 0);

    private void Send(string topic, int sequence) => Send(topic, sequence, _wishes);

    private void Send(string topic, int sequence, RebirthWishes? wishes) => Note(new SparkplugDesk(_book) { Wishes = wishes }, topic, sequence);

    private void Note(SparkplugDesk desk, string topic, int sequence)
    {
        RawMessage message = Message(topic, sequence, _offset++);
        desk.Note(message, SparkplugTopic.Of(message.Topic));
    }

    private static RawMessage Message(string topic, int sequence, long offset) =>
        new()
        {
            Offset = offset,
            ReceivedAt = Instant.FromUnixTimeMilliseconds(1_700_000_000_000 + offset),
            Source = "default"u8,
            Topic = Encoding.UTF8.GetBytes($"spBv1.0/G/{topic}"),
            Payload = SparkplugBytes.Payload(1, sequence).With(SparkplugBytes.Metric("bdSeq", type: 4).U64(1)).ToArray(),
        };
}
