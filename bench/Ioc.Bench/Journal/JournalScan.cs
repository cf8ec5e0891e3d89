using System.Buffers;
using BenchmarkDotNet.Attributes;
using Ioc.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Ioc.Bench.Journal;

/// <summary>Reading everything again, checksums included: what a consumer's catching up costs before decoding.</summary>
[MemoryDiagnoser]
public class JournalScan
{
    private const int Records = 1_000_000;

    private RecordJournal _journal = null!;
    private string _folder = "";

    [GlobalSetup]
    public void Write()
    {
        _folder = Directory.CreateTempSubdirectory("ioc-bench-").FullName;
        _journal = RecordJournal.Open(new JournalOptions { Path = _folder }, SystemClock.Instance, NullLogger<RecordJournal>.Instance);
        byte[] header = new byte[60];
        var payload = new ReadOnlySequence<byte>(new byte[190]);
        for (int i = 0; i < Records; i++)
        {
            using RecordBatch batch = _journal.BeginBatch();
            batch.TryAppend(RecordKind.Publish, header, payload, out _);
        }

        _journal.WaitForDurableAsync(Records - 1, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long Scan250Bytes()
    {
        long bytes = 0;
        using JournalReader reader = _journal.OpenReader(0);
        while (reader.TryRead(out JournalRecord record))
            bytes += record.Payload.Length;

        return bytes == Records * 190L ? bytes : throw new InvalidOperationException($"{bytes} bytes read.");
    }

    [GlobalCleanup]
    public async Task Close()
    {
        await _journal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
