using Ioc.Testing;
using Xunit;

namespace Ioc.SystemTests.Hostile;

/// <summary>Every hostile input of the corpus: it ends its connection with a reason, or is answered as the standard says; it never hangs and never breaks the server.</summary>
[Collection("Hostile")]
public sealed class MalformedPacketTests
{
    [Fact]
    public async Task Every_hostile_input_gets_what_it_deserves()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        await JudgeAllAsync(world, whole: true);
        await world.CalmAsync($"{HostileInput.All.Count} hostile inputs");
    }

    [Fact]
    public async Task Every_hostile_input_gets_the_same_when_it_comes_byte_by_byte()
    {
        await using HostileWorld world = await HostileWorld.StartAsync();
        await JudgeAllAsync(world, whole: false);
        await world.CalmAsync($"{HostileInput.All.Count} hostile inputs byte by byte");
    }

    private static async Task JudgeAllAsync(HostileWorld world, bool whole)
    {
        Assert.True(HostileInput.All.Count >= 150, $"{HostileInput.All.Count} inputs");
        var wrong = new List<string>();
        foreach (HostileInput input in HostileInput.All)
        {
            try
            {
                if (await JudgeAsync(world, input, whole) is { } failure)
                    wrong.Add($"{input}: {failure}");
            }
            catch (TimeoutException)
            {
                wrong.Add($"{input}: neither answered nor closed");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // Null when all is as it should be.
    private static async Task<string?> JudgeAsync(HostileWorld world, HostileInput input, bool whole)
    {
        bool instead = input.Name.StartsWith("CONNECT", StringComparison.Ordinal) && input.Name is not ("CONNECT a second time" or "CONNECT with flags");
        await using RawClient client = instead ? await world.OpenAsync() : await world.ConnectAsync(Packets.Connect("hostile", (byte)input.Level));
        if (whole)
            await client.TrySendAsync(input.Bytes);
        for (int i = 0; !whole && i < input.Bytes.Length && await client.TrySendAsync(input.Bytes.AsMemory(i, 1)); i++)
        {
        }

        switch (input.Fate)
        {
            case Fate.Ends:
                return JudgeEnd(await client.ReadToEndAsync(3), input, instead);
            case Fate.Answered:
                return await client.ReadOrEndAsync(3) is { } answer && input.Codes.Contains(answer[0]) ? null : "not answered";
            case Fate.Ignored:
                await client.SendAsync(Packets.Pingreq());
                return await client.ReadOrEndAsync(3) is [0xD0, 0] ? null : "not ignored";
            case Fate.EndsOrAnswered:
                byte[]? first = await client.ReadOrEndAsync(3);
                return first is null ? (input.Level == 5 ? "closed without a reason" : null)
                    : input.Codes.Contains(first[0]) ? null
                    : JudgeEnd([first, .. await client.ReadToEndAsync(3)], input, instead);
            default:
                client.EndSending();
                return await client.ReadToEndAsync(3) is [] ? null : "half a packet was answered";
        }
    }

    private static string? JudgeEnd(List<byte[]> said, HostileInput input, bool instead)
    {
        string hex = string.Join(' ', said.Select(Convert.ToHexString));
        if (instead)
            return said is [] || (said is [[0x20, _, 0, > 0, ..]]) ? null : $"answered {hex}";
        if (input.Level == 4)
            return said is [] ? null : $"answered {hex}";
        return said is [[0xE0, _, byte reason, ..]] && input.Codes.Contains(reason) ? null : $"ended with {hex}, not one of {Convert.ToHexString(input.Codes)}";
    }
}
