using System.Globalization;
using Ioc.Devices.Metrics;
using Ioc.Devices.Readings;
using Ioc.Devices.Registry;
using Ioc.Storage.DuckDb.Native;

namespace Ioc.Storage.DuckDb;

/// <summary>Handles of this process → the file's own numbers for the lasting names. Touched only by the commit.</summary>
/// <remarks>New names are numbered at once, written inside the next transaction, and offered again until one succeeds.</remarks>
internal sealed class IdentityTables(DeviceRegistry registry, MetricCatalogue metrics, ChannelTable channels)
{
    private readonly NameTable _devices = new("device", int.MaxValue);
    private readonly NameTable _metrics = new("metric", short.MaxValue);
    private readonly NameTable _channels = new("channel", ushort.MaxValue);

    /// <summary>Reads what the file has.</summary>
    public void Load(Connection connection)
    {
        _devices.Load(connection, "SELECT id::BIGINT, source, key FROM device");
        _metrics.Load(connection, "SELECT id::BIGINT, name, '' FROM metric");
        _channels.Load(connection, "SELECT id::BIGINT, name, '' FROM channel");
    }

    public int Of(DeviceId device) =>
        _devices.TryFind(device.Value, out int id) ? id : _devices.Add(device.Value, registry[device].Source, registry[device].Key);

    public int Of(MetricId metric) =>
        _metrics.TryFind(metric.Value, out int id) ? id : _metrics.Add(metric.Value, metrics[metric].Name, "");

    public int Of(ChannelId channel) =>
        _channels.TryFind(channel.Value, out int id) ? id : _channels.Add(channel.Value, channels.NameOf(channel), "");

    /// <summary>Writes the names that the file does not have yet.</summary>
    public void WriteNew(Connection connection)
    {
        _devices.WriteNew(connection, "INSERT INTO device VALUES (?, ?, ?)", partCount: 2);
        _metrics.WriteNew(connection, "INSERT INTO metric VALUES (?, ?)", partCount: 1);
        _channels.WriteNew(connection, "INSERT INTO channel VALUES (?, ?)", partCount: 1);
    }

    /// <summary>The transaction with the new names is durable.</summary>
    public void Committed()
    {
        _devices.Committed();
        _metrics.Committed();
        _channels.Committed();
    }

    private sealed class NameTable(string what, int largest)
    {
        private readonly Dictionary<(string, string), int> _byName = [];
        private readonly List<(int Id, string First, string Second)> _new = [];

        // Number + 1 by handle, so that zero is "not looked up yet".
        private int[] _byHandle = new int[1024];
        private int _next;

        public void Load(Connection connection, string sql)
        {
            using Statement statement = connection.Prepare(sql);
            using QueryResult result = statement.Execute();
            while (result.Next())
            {
                for (int row = 0; row < result.RowCount; row++)
                {
                    int id = (int)result.Column<long>(0)[row];
                    _byName[(result.Text(1, row), result.Text(2, row))] = id;
                    _next = Math.Max(_next, id + 1);
                }
            }
        }

        public bool TryFind(int handle, out int id)
        {
            id = handle < _byHandle.Length ? _byHandle[handle] - 1 : -1;
            return id >= 0;
        }

        public int Add(int handle, string first, string second)
        {
            if (handle >= _byHandle.Length)
                Array.Resize(ref _byHandle, Math.Max(handle + 1, _byHandle.Length * 2));

            int id = Find((first, second));
            _byHandle[handle] = id + 1;
            return id;
        }

        public void WriteNew(Connection connection, string sql, int partCount)
        {
            if (_new.Count == 0)
                return;

            using Statement statement = connection.Prepare(sql);
            foreach ((int id, string first, string second) in _new)
            {
                statement.Bind(1, id).Bind(2, first);
                if (partCount == 2)
                    statement.Bind(3, second);

                statement.Execute().Dispose();
            }
        }

        public void Committed() => _new.Clear();

        private int Find((string First, string Second) name)
        {
            if (_byName.TryGetValue(name, out int id))
                return id;
            if (_next > largest)
                throw new StorageException(string.Create(CultureInfo.InvariantCulture, $"The reading store cannot number a further {what}: {largest} are in use."));

            id = _next++;
            _byName[name] = id;
            _new.Add((id, name.First, name.Second));
            return id;
        }
    }
}
