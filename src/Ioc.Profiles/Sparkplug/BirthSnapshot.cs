using System.Buffers;

namespace Ioc.Profiles.Sparkplug;

/// <summary>The book as bytes: written beside the journal from time to time, so that a start reads the journal only from there on.</summary>
/// <remarks>
/// Layout, as <see cref="BinaryWriter"/> writes it: version; per node source, group, id, sequence, events, devices; per device id and
/// events; per event offset, bdSeq and the place of its certificate among those of its history (−1 for a death), with the certificate
/// itself where it is named first.
/// </remarks>
internal static class BirthSnapshot
{
    private const byte Version = 1;

    public static void Write(BirthBook book, IBufferWriter<byte> into)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            NodeBirths[] nodes = [.. book.Nodes];
            writer.Write(Version);
            writer.Write(nodes.Length);
            foreach (NodeBirths node in nodes)
                WriteNode(writer, node);
        }

        into.Write(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Fills an empty book.</summary>
    /// <returns>False when the bytes are not a snapshot of this version; the book is then as far filled as they could be read.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, BirthBook book)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        using var reader = new BinaryReader(stream);
        try
        {
            if (reader.ReadByte() != Version)
                return false;

            int nodes = reader.ReadInt32();
            for (int i = 0; i < nodes; i++)
                ReadNode(reader, book);
            return stream.Position == stream.Length;
        }
        catch (Exception e) when (e is EndOfStreamException or ArgumentException or FormatException)
        {
            return false;
        }
    }

    private static void WriteNode(BinaryWriter writer, NodeBirths node)
    {
        WriteBytes(writer, node.Source);
        WriteBytes(writer, node.Group);
        WriteBytes(writer, node.Node);
        writer.Write(node.Sequence);
        WriteHistory(writer, node.Own);
        ReadOnlySpan<DeviceBirths> devices = node.Devices;
        writer.Write(devices.Length);
        foreach (DeviceBirths device in devices)
        {
            WriteBytes(writer, device.Device);
            WriteHistory(writer, device.History);
        }
    }

    private static void WriteHistory(BinaryWriter writer, BirthHistory history)
    {
        var written = new List<BirthCertificate>();
        ReadOnlySpan<BirthEvent> events = history.Events;
        writer.Write(events.Length);
        foreach (BirthEvent one in events)
        {
            int place = one.Certificate is null ? -1 : written.FindIndex(known => ReferenceEquals(known, one.Certificate));
            bool isNew = one.Certificate is not null && place < 0;
            writer.Write(one.Offset);
            writer.Write(one.BdSeq);
            writer.Write(isNew ? written.Count : place);
            if (isNew)
            {
                WriteCertificate(writer, one.Certificate!);
                written.Add(one.Certificate!);
            }
        }
    }

    private static void WriteCertificate(BinaryWriter writer, BirthCertificate certificate)
    {
        WriteBytes(writer, certificate.Text);
        writer.Write(certificate.Count);
        foreach (ref readonly MetricEntry metric in certificate.Metrics)
        {
            writer.Write(metric.Alias);
            writer.Write(metric.HasAlias);
            writer.Write((byte)metric.Type);
            writer.Write(metric.NameStart);
            writer.Write(metric.NameLength);
            writer.Write(metric.UnitLength);
        }
    }

    private static void ReadNode(BinaryReader reader, BirthBook book)
    {
        byte[] source = ReadBytes(reader, byte.MaxValue);
        byte[] group = ReadBytes(reader, SparkplugTopic.MaxIdBytes);
        byte[] id = ReadBytes(reader, SparkplugTopic.MaxIdBytes);
        SparkplugTopic topic = SparkplugTopic.Make(group, id, default);
        int sequence = reader.ReadInt32();
        ReadHistory(reader, book, source, topic);
        int devices = reader.ReadInt32();
        for (int i = 0; i < devices; i++)
            ReadHistory(reader, book, source, SparkplugTopic.Make(group, id, ReadBytes(reader, SparkplugTopic.MaxIdBytes)));

        if (book.Find(source, topic) is { } node)
            node.Sequence = sequence;
    }

    private static void ReadHistory(BinaryReader reader, BirthBook book, byte[] source, in SparkplugTopic topic)
    {
        var read = new List<BirthCertificate>();
        int events = reader.ReadInt32();
        for (int i = 0; i < events; i++)
        {
            long offset = reader.ReadInt64();
            long bdSeq = reader.ReadInt64();
            int place = reader.ReadInt32();
            if (place == read.Count)
                read.Add(ReadCertificate(reader));

            book.TryNote(source, topic, new BirthEvent(offset, bdSeq, place < 0 ? null : read[place]));
        }
    }

    private static BirthCertificate ReadCertificate(BinaryReader reader)
    {
        byte[] text = ReadBytes(reader, int.MaxValue);
        int count = reader.ReadInt32();
        if (count is < 0 or > SparkplugPayload.MaxMetrics)
            throw new FormatException("a certificate of more metrics than there can be");

        var metrics = new MetricEntry[count];
        for (int i = 0; i < count; i++)
        {
            metrics[i] = new MetricEntry(reader.ReadUInt64(), reader.ReadBoolean(), (DataType)reader.ReadByte(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            if (!metrics[i].Fits(text.Length))
                throw new FormatException("a name that is not in the text");
        }

        return new BirthCertificate(text, metrics);
    }

    private static void WriteBytes(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader, int most)
    {
        int length = reader.ReadInt32();
        if (length < 0 || length > most || length > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new FormatException("a length that cannot be");

        return reader.ReadBytes(length);
    }
}
