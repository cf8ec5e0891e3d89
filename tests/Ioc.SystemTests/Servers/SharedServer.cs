using Ioc.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Ioc.SystemTests.Servers.SharedServer))]

namespace Ioc.SystemTests.Servers;

/// <summary>One server with one known meter, for tests that only read.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Starting = new(1);
    private static readonly TemporaryFolder Folder = new();
    private static IocProcess? _server;

    internal static async Task<IocProcess> GetAsync()
    {
        await Starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_server is null)
            {
                _server = await IocProcess.StartAsync(Folder.FullName);
                await Intake.FirstMessageTests.PublishAsync(_server, "5", "tele/meter/SENSOR", """{"Time":"2026-11-22T08:15:30","ENERGY":{"Power":431}}""");
                await _server.SettledAsync(1);
            }

            return _server;
        }
        finally
        {
            Starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Folder.Dispose();
    }
}
