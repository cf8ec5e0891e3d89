namespace Ioc.Profiles.Sparkplug;

/// <summary>What a message of the namespace does, whatever profiles say of it.</summary>
internal enum SparkplugVerdict
{
    /// <summary>Not of the namespace: none of our business.</summary>
    Foreign,

    /// <summary>Carries metrics: a birth or data.</summary>
    Metrics,

    /// <summary>The node or device is gone.</summary>
    Death,

    /// <summary>For others: a command, the state of a host, a death that belongs to an earlier life of the node.</summary>
    Ignored,

    /// <summary>A death certificate that cannot be read.</summary>
    Malformed,
}

/// <summary>Notes births and deaths in the book and follows the nodes' sequences. One per reader of messages.</summary>
/// <param name="births">Shared by all of them.</param>
internal sealed class SparkplugDesk(BirthBook births)
{
    public BirthBook Births => births;

    /// <summary>Set for the one who leads, the reader of live messages: only it follows sequences and may wish for a rebirth.</summary>
    public RebirthWishes? Wishes { get; set; }

    /// <summary>Takes note of a message before any profile sees it.</summary>
    public SparkplugVerdict Note(in RawMessage message, in SparkplugTopic topic)
    {
        switch (topic.Verb)
        {
            case SparkplugVerb.None:
                return SparkplugVerdict.Foreign;
            case SparkplugVerb.Other:
                return SparkplugVerdict.Ignored;
            case SparkplugVerb.NodeBirth or SparkplugVerb.DeviceBirth:
                NoteBirth(message, topic);
                Follow(message, topic);
                return SparkplugVerdict.Metrics;
            case SparkplugVerb.NodeDeath:
                return NoteNodeDeath(message, topic);
            case SparkplugVerb.DeviceDeath:
                if (births.CertificateAt(message.Source, topic, message.Offset) is not null)
                    births.TryNote(message.Source, topic, new BirthEvent(message.Offset, -1, null));
                Follow(message, topic);
                return SparkplugVerdict.Death;
            default:
                Follow(message, topic);
                return SparkplugVerdict.Metrics;
        }
    }

    /// <summary>The node should publish its births again.</summary>
    public void WishRebirth(in RawMessage message, in SparkplugTopic topic) => Wishes?.Add(message.Source, topic);

    // One that cannot be read changes nothing here; the profile's codec says what is wrong with it.
    private void NoteBirth(in RawMessage message, in SparkplugTopic topic)
    {
        if (BirthReader.TryRead(message.Payload, out BirthCertificate? certificate, out long bdSeq) == BirthStatus.Read)
            births.TryNote(message.Source, topic, new BirthEvent(message.Offset, bdSeq, certificate));
    }

    // A broken connection's will may come after the node is back: its number then tells that it is of the life before.
    private SparkplugVerdict NoteNodeDeath(in RawMessage message, in SparkplugTopic topic)
    {
        if (!BirthReader.TryReadDeath(message.Payload, out long bdSeq))
            return SparkplugVerdict.Malformed;

        BirthEvent? last = births.Find(message.Source, topic)?.Own.Before(message.Offset);
        if (last?.Certificate is not null && last.BdSeq >= 0 && bdSeq >= 0 && last.BdSeq != bdSeq)
            return SparkplugVerdict.Ignored;
        if (last is not null && last.Certificate is not null)
            births.TryNote(message.Source, topic, new BirthEvent(message.Offset, bdSeq, null));
        return SparkplugVerdict.Death;
    }

    private void Follow(in RawMessage message, in SparkplugTopic topic)
    {
        if (Wishes is null)
            return;

        NodeBirths? node = births.Find(message.Source, topic);
        if (node is null || !SparkplugPayload.TryRead(message.Payload, out SparkplugPayload payload) || payload.Sequence < 0)
            return;

        bool follows = topic.Verb == SparkplugVerb.NodeBirth || node.Sequence < 0 || payload.Sequence == (node.Sequence + 1) % 256;
        node.Sequence = payload.Sequence;
        if (!follows)
            Wishes.Add(message.Source, topic);
    }
}
