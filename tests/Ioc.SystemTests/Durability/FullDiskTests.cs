using System.Globalization;
using Ioc.SystemTests.Broker;
using Ioc.SystemTests.Servers;
using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Durability;

/// <summary>A disk that is really full: a small file system of the test's own.</summary>
public sealed class FullDiskTests
{
    private const int Messages = 40_000;

    // A 3.1.1 client is paused, a 5.0 client told; a subscriber with a session is away meanwhile.
    [Theory]
    [InlineData(4, 1)]
    [InlineData(5, 2)]
    public async Task With_a_full_disk_publishers_are_refused_and_everything_acknowledged_is_there_when_space_returns(int protocolVersion, int qos)
    {
        Programs.Need("mosquitto_pub");
        Assert.SkipUnless(Environment.UserName == "root", "mounting a small file system needs root");
        string client = await ForeignClients.PublisherAsync();
        using var folder = new TemporaryFolder();
        string disk = Directory.CreateDirectory(folder.File("disk")).FullName;
        Assert.SkipUnless(await TryMountAsync(disk), "a tmpfs cannot be mounted here");
        try
        {
            string ballast = Path.Combine(disk, "ballast");
            await using (IocProcess server = await IocProcess.StartAsync(disk, 0, "--Journal:SegmentBytes", "1048576", "--Journal:BufferBytes", "1048576", "--Journal:MaxRecordBytes", "524288", "--Journal:ReservedFreeBytes", "0"))
            {
                using (RawClient subscriber = await RawClient.ConnectAsync(server.MqttPort, "room"))
                    await subscriber.SubscribeAsync("tele/crash-0/SENSOR", 2);

                // Leave room for a few segments only; the publisher then runs into the wall and waits before it.
                long free = new DriveInfo(disk).AvailableFreeSpace;
                await using (FileStream file = File.Create(ballast))
                    file.SetLength(0);
                await Programs.RunAsync("fallocate", ["-l", (free - (4 << 20)).ToString(CultureInfo.InvariantCulture), ballast]);

                using ForeignClient publisher = ForeignClients.Start(client, "--port", Text(server.MqttPort), "--count", Text(Messages), "--devices", "40", "--version", Text(protocolVersion), "--qos", Text(qos));
                await Wait.UntilAsync(async () => !(await server.Web.GetAsync("/health/ready")).IsSuccessStatusCode, 60, "the server says that it is not ready");
                File.Delete(ballast);
                await publisher.PublishesAsync(Messages, () => server);

                Balance balance = await server.SettledAsync(Messages, 120);
                Assert.Equal((Messages, 0), (balance.Stored, balance.Difference));
                if (qos == 2)
                    Assert.Equal(Messages, balance.Received);
                await EverythingIsDeliveredAsync(server);
            }
        }
        finally
        {
            await Programs.RunAsync("umount", ["-l", disk]);
        }
    }

    // One of forty devices is the subscriber's.
    private static async Task EverythingIsDeliveredAsync(IocProcess server)
    {
        using RawClient subscriber = await RawClient.ConnectAsync(server.MqttPort, "room");
        Assert.True(subscriber.SessionPresent);
        var numbers = new HashSet<string>();
        while (numbers.Count < Messages / 40)
        {
            RawPacket packet = await subscriber.ReceiveAsync();
            if (packet.First != RawClient.Pubrel)
                numbers.Add(packet.Payload);
            await subscriber.AcknowledgeAsync(packet.First == RawClient.Pubrel ? RawClient.Pubcomp : packet.Qos == 2 ? RawClient.Pubrec : RawClient.Puback, packet.PacketId);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<bool> TryMountAsync(string folder)
    {
        try
        {
            await Programs.RunAsync("mount", ["-t", "tmpfs", "-o", "size=256m", "tmpfs", folder]);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
