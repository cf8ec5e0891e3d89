using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ioc.SystemTests.Servers;

namespace Ioc.SystemTests.Simulators;

/// <summary>mosquitto_sub with a lasting session at QoS 1: it misses nothing while the broker is away, and returns by itself.</summary>
internal sealed class MosquittoSubscriber : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public MosquittoSubscriber(int port, params string[] topics)
    {
        string[] arguments = ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-i", "listener", "-c", "-q", "1", "-v", .. topics.SelectMany(topic => (string[])["-t", topic])];
        _process = Process.Start(new ProcessStartInfo(Programs.Find("mosquitto_sub")!, arguments) { RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is not null)
                _lines.Enqueue(line.Data);
        };
        _process.BeginOutputReadLine();
    }

    /// <summary>"topic payload", in the order of arrival.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
