using System.Collections.Concurrent;
using System.Diagnostics;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Servers;

/// <summary>A client that we did not write, as a process of its own, and what it has printed so far.</summary>
internal sealed class ForeignClient : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public ForeignClient(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Lines => _lines;

    public bool HasExited => _process.HasExited;

    /// <summary>Waits until it has printed this line.</summary>
    public async Task PrintsAsync(string line, int seconds = 60)
    {
        await Wait.UntilAsync(() => _lines.Contains(line) || HasExited, seconds, () => $"the foreign client prints '{line}'; {Said()}");
        if (HasExited)
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken); // reads the rest
        Assert.Contains(line, _lines);
    }

    /// <summary>Waits until the server has acknowledged all that a publisher was told to publish.</summary>
    /// <param name="count">So many.</param>
    /// <param name="server">Is asked for its side when that does not happen.</param>
    /// <param name="seconds">How long that may take.</param>
    public async Task PublishesAsync(int count, Func<IocProcess> server, int seconds = 300)
    {
        await Wait.UntilAsync(() => HasExited, seconds, () => $"{count} messages are acknowledged; {Said()}\n{server().Said()}");
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken); // reads the rest
        Assert.Contains(_lines, line => line.StartsWith($"published {count} acknowledged {count} ", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private string Said() => $"the foreign client has said:\n{string.Join('\n', _lines.TakeLast(40))}";

    private void Keep(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
    }
}
