using System.Buffers;
using System.Text;
using Ioc.Profiles;
using Ioc.Profiles.Sparkplug;
using Ioc.Testing;
using NodaTime;
using Xunit;

namespace Ioc.Tests.Profiles.Sparkplug;

public sealed class BirthBookTests
{
    private readonly BirthBook _book = new();

    [Fact]
    public void Every_offset_is_read_by_the_birth_that_held_there()
    {
        Tell(10, "NBIRTH/n", Birth("old", 1));
        Tell(20, "NBIRTH/n", Birth("new", 1));

        Assert.Equal((null, "old", "old", "new"), (NameAt(10), NameAt(11), NameAt(20), NameAt(21)));
    }

    [Fact]
    public void A_birth_met_again_by_a_reader_that_is_behind_changes_nothing()
    {
        Tell(10, "NBIRTH/n", Birth("old", 1));
        Tell(20, "NBIRTH/n", Birth("new", 1));
        Tell(10, "NBIRTH/n", Birth("old", 1));

        Assert.Equal((null, "old", "new"), (NameAt(10), NameAt(15), NameAt(21)));
    }

    [Fact]
    public void A_birth_or_death_of_the_node_ends_the_births_of_its_devices()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1, bdSeq: 4));
        Tell(2, "DBIRTH/n/d", Birth("y", 2));
        Assert.NotNull(DeviceAt(3));

        Tell(5, "NBIRTH/n", Birth("x", 1, bdSeq: 5));
        Assert.Null(DeviceAt(6));
        Tell(7, "DBIRTH/n/d", Birth("y", 2));
        Assert.NotNull(DeviceAt(8));
        Tell(9, "NDEATH/n", SparkplugBytes.NodeDeath(5));
        Assert.Null(DeviceAt(10));
        Assert.NotNull(DeviceAt(8));
    }

    [Fact]
    public void The_death_of_an_earlier_life_does_not_end_this_one()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1, bdSeq: 4));
        Tell(2, "NBIRTH/n", Birth("x", 1, bdSeq: 5));

        Assert.Equal(SparkplugVerdict.Ignored, Tell(3, "NDEATH/n", SparkplugBytes.NodeDeath(4)));
        Assert.Equal("x", NameAt(4));
        Assert.Equal(SparkplugVerdict.Death, Tell(5, "NDEATH/n", SparkplugBytes.NodeDeath(5)));
        Assert.Null(NameAt(6));
    }

    [Fact]
    public void A_death_certificate_that_cannot_be_read_kills_nobody()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1));
        Assert.Equal(SparkplugVerdict.Malformed, Tell(2, "NDEATH/n", [0x12, 0xFF]));
        Assert.Equal("x", NameAt(3));
    }

    [Fact]
    public void Deaths_told_again_and_again_do_not_push_births_out()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1, bdSeq: 4));
        Tell(2, "DBIRTH/n/d", Birth("y", 2));
        for (int offset = 3; offset < 1_000; offset++)
        {
            Tell(offset, "DDEATH/n/d", SparkplugBytes.Payload(1, 1).ToArray());
            Tell(offset, "NDEATH/n", SparkplugBytes.NodeDeath(4));
        }

        Assert.NotNull(DeviceAt(3));
        Assert.Equal("x", NameAt(3));
        Assert.Equal(2, Node()!.Own.Events.Length);
    }

    [Fact]
    public void Births_that_say_the_same_share_one_table()
    {
        for (int offset = 1; offset <= 5; offset++)
            Tell(offset, "NBIRTH/n", Birth("x", 1, bdSeq: (ulong)offset));

        BirthEvent[] events = Node()!.Own.Events.ToArray();
        Assert.Equal(5, events.Length);
        Assert.Single(events.Select(one => one.Certificate).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public void Only_so_many_generations_are_kept_and_the_newest_stay()
    {
        for (int offset = 1; offset <= 2 * BirthHistory.MaxGenerations; offset++)
            Tell(offset, "NBIRTH/n", Birth($"m{offset}", 1));

        Assert.Equal(BirthHistory.MaxGenerations, Node()!.Own.Events.Length);
        Assert.Equal($"m{2 * BirthHistory.MaxGenerations}", NameAt(2 * BirthHistory.MaxGenerations + 1));
        Assert.Null(NameAt(BirthHistory.MaxGenerations));
    }

    [Fact]
    public void A_node_has_only_so_many_devices()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1));
        byte[] birth = Birth("y", 2);
        for (int i = 0; i < BirthBook.MaxDevicesPerNode + 10; i++)
            Tell(2 + i, $"DBIRTH/n/d{i}", birth);

        Assert.Equal(BirthBook.MaxDevicesPerNode, _book.DeviceCount);
    }

    [Fact]
    public void A_flood_of_invented_nodes_forgets_the_quietest_and_stays_bounded()
    {
        var book = new BirthBook(maxEntries: 500);
        byte[] birth = Birth("x", 1);
        for (int i = 0; i < 5_000; i++)
        {
            book.Replay(Message(i, $"NBIRTH/n{i}", birth));
            Assert.InRange(book.NodeCount, 1, 500);
        }

        Assert.Null(book.Find("default"u8, SparkplugTopic.Of("spBv1.0/G/NDATA/n0"u8)));
        Assert.NotNull(book.Find("default"u8, SparkplugTopic.Of("spBv1.0/G/NDATA/n4999"u8)));
    }

    [Fact]
    public void A_birth_with_a_million_aliases_is_refused_before_a_table_is_made()
    {
        byte[] oneMetric = new SparkplugBytes().With(SparkplugBytes.Metric("", ulong.MaxValue)).ToArray();
        byte[] birth = [.. Enumerable.Repeat(oneMetric, 1_000_000).SelectMany(metric => metric)];

        Assert.Equal(BirthStatus.TooMany, BirthReader.TryRead(birth, out BirthCertificate? certificate, out _));
        Assert.Null(certificate);
    }

    [Fact]
    public void Aliases_are_found_whether_or_not_they_have_gaps()
    {
        var birth = SparkplugBytes.Payload(1, 0);
        ulong[] aliases = [ulong.MaxValue, 3, 4, 5, 1_000_000, 0];
        foreach (ulong alias in aliases)
            birth.With(SparkplugBytes.Metric($"m{alias}", alias));
        Tell(1, "NBIRTH/n", birth.ToArray());

        BirthCertificate certificate = Node()!.CertificateAt(2)!;
        foreach (ulong alias in aliases)
            Assert.Equal($"m{alias}", Encoding.UTF8.GetString(certificate.NameOf(certificate.FindAlias(alias))));
        Assert.Equal((-1, -1), (certificate.FindAlias(6), certificate.FindAlias(ulong.MaxValue - 1)));
        Assert.Equal((4, -1), (certificate.FindName("m1000000"u8), certificate.FindName("m1"u8)));
    }

    [Fact]
    public void A_snapshot_brings_everything_back_and_a_replay_of_what_it_holds_changes_nothing()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1, bdSeq: 4));
        Tell(2, "DBIRTH/n/d", Birth("y", 2));
        Tell(3, "NDEATH/n", SparkplugBytes.NodeDeath(4));
        Tell(4, "NBIRTH/n", Birth("x", 1, bdSeq: 5));
        Tell(5, "NBIRTH/m", Birth("z", 1));
        var bytes = new ArrayBufferWriter<byte>();
        _book.WriteSnapshot(bytes);

        var again = new BirthBook();
        Assert.True(again.TryRestoreSnapshot(bytes.WrittenSpan));
        again.Replay(Message(5, "NBIRTH/m", Birth("other", 1)));

        var second = new ArrayBufferWriter<byte>();
        again.WriteSnapshot(second);
        Assert.Equal((2, 1), (again.NodeCount, again.DeviceCount));
        Assert.Equal(bytes.WrittenCount, second.WrittenCount);
        NodeBirths node = again.Find("default"u8, SparkplugTopic.Of("spBv1.0/G/NDATA/n"u8))!;
        Assert.Equal([1L, 3L, 4L], node.Own.Events.ToArray().Select(one => one.Offset));
        Assert.NotNull(node.CertificateAt(5));
        Assert.Null(node.CertificateAt(4));
    }

    [Fact]
    public void A_snapshot_cut_anywhere_or_with_a_flipped_bit_never_throws()
    {
        Tell(1, "NBIRTH/n", Birth("x", 1, bdSeq: 4));
        Tell(2, "DBIRTH/n/d", Birth("y", 2));
        var bytes = new ArrayBufferWriter<byte>();
        _book.WriteSnapshot(bytes);
        byte[] whole = bytes.WrittenSpan.ToArray();

        for (int length = 0; length < whole.Length; length++)
            Assert.False(new BirthBook().TryRestoreSnapshot(whole.AsSpan(0, length)));
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] bent = [.. whole];
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            new BirthBook().TryRestoreSnapshot(bent);
        }
    }

    private static byte[] Birth(string name, ulong alias, ulong bdSeq = 0) =>
        SparkplugBytes.NodeBirth(1_700_000_000_000, bdSeq, SparkplugBytes.Metric(name, alias, 9).F32(1)).ToArray();

    private static RawMessage Message(long offset, string topic, byte[] payload) =>
        new()
        {
            Offset = offset,
            ReceivedAt = Instant.FromUnixTimeMilliseconds(1_700_000_000_000 + offset),
            Source = "default"u8,
            Topic = Encoding.UTF8.GetBytes($"spBv1.0/G/{topic}"),
            Payload = payload,
        };

    private SparkplugVerdict Tell(long offset, string topic, byte[] payload)
    {
        RawMessage message = Message(offset, topic, payload);
        return new SparkplugDesk(_book).Note(message, SparkplugTopic.Of(message.Topic));
    }

    private NodeBirths? Node() => _book.Find("default"u8, SparkplugTopic.Of("spBv1.0/G/NDATA/n"u8));

    /// <summary>What the node's own metric of alias 1 is called at an offset.</summary>
    private string? NameAt(long offset) =>
        Node()?.CertificateAt(offset) is { } certificate ? Encoding.UTF8.GetString(certificate.NameOf(certificate.FindAlias(1))) : null;

    private BirthCertificate? DeviceAt(long offset)
    {
        SparkplugTopic topic = SparkplugTopic.Of("spBv1.0/G/DDATA/n/d"u8);
        return _book.FindDevice("default"u8, topic) is { } device ? Node()!.CertificateAt(device, offset) : null;
    }
}
