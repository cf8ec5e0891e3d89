using System.Buffers;
using System.Diagnostics;
using Ioc.Mqtt;
using Xunit;

namespace Ioc.Tests.Mqtt.Fuzz;

/// <summary>The codec against packets nobody thought of. Each run takes known seeds and a fresh one, which a failure tells.</summary>
/// <remarks>
/// The long run: <c>IOC_LONG_TESTS=1 dotnet tests/Ioc.Tests/bin/Release/net10.0/Ioc.Tests.dll -class "*CodecFuzzTests"</c>.
/// </remarks>
public class CodecFuzzTests(ITestOutputHelper output)
{
    private const int ShortCases = 10_000;
    private const int LongCases = 1_500_000;

    [Fact]
    public void A_packet_by_the_book_is_read_whole_and_at_every_split() => Run(ShortCases / 20, (random, grammar) =>
    {
        (ProtocolVersion version, byte[] bytes) = grammar.Next();
        string text = Assert.Single(PacketText.DescribeAll(new ReadOnlySequence<byte>(bytes), version));
        Assert.True(PacketText.TryWriteAgain(bytes, version), $"{text}: {Convert.ToHexString(bytes)}");
        CodecInvariants.HoldAtEverySplit(bytes.Length > 400 ? bytes[..400] : bytes, version);
    });

    [Fact]
    public void Packets_by_the_book_mutations_and_garbage_keep_the_codecs_promises() => Run(ShortCases, OneCase);

    [Fact]
    public void A_million_cases_keep_the_codecs_promises()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("IOC_LONG_TESTS") == "1", "long: set IOC_LONG_TESTS=1");

        long start = Stopwatch.GetTimestamp();
        RunSeed(Random.Shared.Next(), LongCases, OneCase);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{LongCases} cases, {LongCases / took.TotalSeconds:F0} per second");
    }

    private static void OneCase(Random random, PacketGrammar grammar)
    {
        (ProtocolVersion version, byte[] bytes) = grammar.Next();
        switch (random.Next(8))
        {
            case 0:
                break;
            case 1:
                bytes = new byte[random.Next(40)];
                random.NextBytes(bytes);
                break;
            case 2:
                byte[] next = grammar.Next().Bytes;
                bytes = [.. bytes, .. Mutation.Apply(random, next)];
                break;
            default:
                bytes = Mutation.Apply(random, bytes);
                break;
        }

        try
        {
            CodecInvariants.Hold(random, bytes, version);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{version} {Convert.ToHexString(bytes)}", exception);
        }
    }

    private static void Run(int cases, Action<Random, PacketGrammar> one)
    {
        RunSeed(20261122, cases, one);
        RunSeed(Random.Shared.Next(), cases, one);
    }

    private static void RunSeed(int seed, int cases, Action<Random, PacketGrammar> one)
    {
        var random = new Random(seed);
        var grammar = new PacketGrammar(random);
        for (int i = 0; i < cases; i++)
        {
            try
            {
                one(random, grammar);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, case {i}.", exception);
            }
        }
    }
}
