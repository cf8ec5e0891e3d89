using System.Globalization;
using Ioc.Load.CommandLine;
using Ioc.Load.Figures;
using Ioc.Load.Wire;

namespace Ioc.Load.Holding;

/// <summary>Connections that come and go all the time, half of them without DISCONNECT: what a city's weak radio links do to a broker.</summary>
internal static class ChurnRun
{
    // PUBLISH, QoS 0, topic "churn/state", payload "on".
    private static readonly byte[] Hello = [0x30, 15, 0, 11, .. "churn/state"u8, .. "on"u8];

    public static async Task RunAsync(TargetOptions target, double perSecond, TimeSpan duration, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / perSecond));
        var open = new Queue<WireSocket>();
        long count = (long)(duration.TotalSeconds * perSecond);
        for (long n = 0; n < count && await timer.WaitForNextTickAsync(ct); n++)
        {
            WireSocket socket = WireSocket.Connect(target.Broker, string.Create(CultureInfo.InvariantCulture, $"churn-{Environment.ProcessId}-{n}"), target.Version);
            socket.Subscribe(string.Create(CultureInfo.InvariantCulture, $"cmnd/churn-{n}/#"), 1, target.Version);
            socket.Send(target.Version == Mqtt.ProtocolVersion.V5 ? [0x30, 16, .. Hello[2..15], 0, .. Hello[15..]] : Hello);
            open.Enqueue(socket);
            if (open.Count > target.Connections)
                End(open.Dequeue(), n);
        }

        new Report(Console.Out).Line("churned", count);
        while (open.TryDequeue(out WireSocket? left))
            left.Leave();
    }

    private static void End(WireSocket socket, long n)
    {
        if (n % 2 == 0)
            socket.Leave();
        else
            socket.Dispose();
    }
}
