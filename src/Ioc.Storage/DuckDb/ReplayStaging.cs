using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb.Native;

namespace Ioc.Storage.DuckDb;

/// <summary>Writes decoded messages into the tables of a plan, with the names behind their handles. Lives as long as one comparison; one caller at a time.</summary>
/// <remarks>Remembers which names it has written: no more than the registry, the catalogue, the channel table and <see cref="MaxDetails"/> admit.</remarks>
internal sealed class ReplayStaging(DeviceRegistry known, MetricCatalogue metrics, ChannelTable channels)
{
    // Details come from profiles, not from payloads; beyond this they are all one.
    private const int MaxDetails = 10_000;

    private readonly HashSet<(int Kind, int Number)> _written = [];
    private readonly Dictionary<string, int> _details = new(StringComparer.Ordinal);

    public void Write(Connection connection, ReadingBatch batch, IReadOnlyList<QuarantineReason?> chosen, DeviceRegistry registry)
    {
        var group = new PendingGroup();
        group.Clear(batch.FirstOffset);
        group.Add(batch, batch.FirstOffset);
        connection.Execute("BEGIN");
        try
        {
            WriteMessages(connection, batch, group, chosen);
            WriteReadings(connection, group, chosen);
            WriteNames(connection, group, chosen, registry);
            connection.Execute("COMMIT");
        }
        catch (DuckDbException)
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }

    private void WriteMessages(Connection connection, ReadingBatch batch, PendingGroup group, IReadOnlyList<QuarantineReason?> chosen)
    {
        using Appender appender = connection.Append(
            "replay_message", ColumnType.BigInt, ColumnType.Timestamp, ColumnType.USmallInt, ColumnType.USmallInt, ColumnType.USmallInt, ColumnType.Integer, ColumnType.Integer, ColumnType.USmallInt);
        int row = 0;
        for (int i = 0; i < group.MessageCount; i++)
        {
            if (chosen[i] is not { } indexed)
                continue;

            ref readonly PendingMessage message = ref group.Messages[i];
            appender.Column<long>(0)[row] = message.Offset;
            appender.Column<long>(1)[row] = message.ReceivedMicros;
            appender.Column<ushort>(2)[row] = (ushort)message.Outcome;
            appender.Column<ushort>(3)[row] = (ushort)message.Reason;
            appender.Column<ushort>(4)[row] = message.IsStoredWithout ? (ushort)1 : (ushort)0;
            appender.Column<int>(5)[row] = message.ReadingCount;
            appender.Column<int>(6)[row] = DetailOf(connection, batch.Messages[i].Detail);
            appender.Column<ushort>(7)[row] = (ushort)indexed;
            if (++row == Appender.ChunkRows)
            {
                appender.Add(row);
                row = 0;
            }
        }

        if (row > 0)
            appender.Add(row);
        appender.Flush();
    }

    private static void WriteReadings(Connection connection, PendingGroup group, IReadOnlyList<QuarantineReason?> chosen)
    {
        using Appender appender = connection.Append(
            "replay_reading", ColumnType.BigInt, ColumnType.Integer, ColumnType.Integer, ColumnType.Integer, ColumnType.Integer,
            ColumnType.Timestamp, ColumnType.Timestamp, ColumnType.Double, ColumnType.USmallInt);
        int row = 0;
        for (int i = 0; i < group.MessageCount; i++)
        {
            if (chosen[i] is null)
                continue;

            ref readonly PendingMessage message = ref group.Messages[i];
            for (int index = 0; index < message.ReadingCount; index++)
            {
                int reading = message.FirstReading + index;
                appender.Column<long>(0)[row] = message.Offset;
                appender.Column<int>(1)[row] = index;
                appender.Column<int>(2)[row] = group.Devices[reading].Value;
                appender.Column<int>(3)[row] = group.Metrics[reading].Value;
                appender.Column<int>(4)[row] = group.Channels[reading].Value;
                appender.Column<long>(5)[row] = group.MeasuredMicros[reading];
                appender.Column<long>(6)[row] = message.ReceivedMicros;
                appender.Column<double>(7)[row] = group.Values[reading];
                appender.Column<ushort>(8)[row] = (ushort)group.Qualities[reading];
                if (++row == Appender.ChunkRows)
                {
                    appender.Add(row);
                    row = 0;
                }
            }
        }

        if (row > 0)
            appender.Add(row);
        appender.Flush();
    }

    private void WriteNames(Connection connection, PendingGroup group, IReadOnlyList<QuarantineReason?> chosen, DeviceRegistry registry)
    {
        for (int i = 0; i < group.MessageCount; i++)
        {
            if (chosen[i] is null)
                continue;

            ref readonly PendingMessage message = ref group.Messages[i];
            for (int reading = message.FirstReading; reading < message.FirstReading + message.ReadingCount; reading++)
            {
                if (_written.Add((ReplayComparison.DeviceName, group.Devices[reading].Value)))
                    WriteDevice(connection, registry[group.Devices[reading]]);
                if (_written.Add((ReplayComparison.MetricName, group.Metrics[reading].Value)))
                    WriteName(connection, ReplayComparison.MetricName, group.Metrics[reading].Value, metrics[group.Metrics[reading]].Name);
                if (_written.Add((ReplayComparison.ChannelName, group.Channels[reading].Value)))
                    WriteName(connection, ReplayComparison.ChannelName, group.Channels[reading].Value, channels.NameOf(group.Channels[reading]));
            }
        }
    }

    private void WriteDevice(Connection connection, Device device)
    {
        bool isNew = known.Find(System.Text.Encoding.UTF8.GetBytes(device.Source), System.Text.Encoding.UTF8.GetBytes(device.Key)) == DeviceId.None;
        WriteName(connection, ReplayComparison.DeviceName, device.Id.Value, device.Source, device.Key, isNew ? device.Profile ?? "" : "", isNew ? device.Family : "");
    }

    private int DetailOf(Connection connection, string? detail)
    {
        string text = detail ?? "";
        if (_details.TryGetValue(text, out int number))
            return number;
        if (_details.Count >= MaxDetails)
            return 0;

        number = _details[text] = _details.Count;
        WriteName(connection, ReplayComparison.DetailText, number, text);
        return number;
    }

    private static void WriteName(Connection connection, int kind, int number, string first, string second = "", string profile = "", string family = "")
    {
        using Statement statement = connection.Prepare("INSERT INTO replay_name VALUES (?, ?, ?, ?, ?, ?)");
        statement.Bind(1, kind).Bind(2, number).Bind(3, first).Bind(4, second).Bind(5, profile).Bind(6, family).Execute().Dispose();
    }
}
