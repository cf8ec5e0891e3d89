using System.Buffers;
using BenchmarkDotNet.Attributes;
using Ioc.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;

namespace Ioc.Bench.Journal;

/// <summary>Appending at full speed, flushes included: what a gateway's read of 64 messages costs, and what the disk lets through.</summary>
[MemoryDiagnoser]
public class JournalAppend
{
    private const int Records = 1_000_000;
    private const int BatchRecords = 64;

    private readonly byte[] _header = new byte[60];
    private readonly ReadOnlySequence<byte> _payload = new(new byte[190]);
    private RecordJournal _journal = null!;
    private string _folder = "";
    private TimeSpan _cpuBefore;
    private int _runs;

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("ioc-bench-").FullName;
        Random.Shared.NextBytes(_header);
        // Without a cursor old segments go at once, so the disk takes no more than the budget.
        var options = new JournalOptions { Path = _folder, BudgetBytes = 512 << 20 };
        _journal = RecordJournal.Open(options, SystemClock.Instance, NullLogger<RecordJournal>.Instance);
        Append();
        _cpuBefore = Environment.CpuUsage.TotalTime;
    }

    /// <summary>Until the last record is durable. Records of 250 bytes: header 60, payload 190.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public void Append250Bytes()
    {
        Append();
        _runs++;
    }

    [GlobalCleanup]
    public async Task Close()
    {
        double cpu = (Environment.CpuUsage.TotalTime - _cpuBefore).TotalSeconds;
        Console.WriteLine($"// CPU of all threads: {cpu / _runs:F2} s per million records");
        await _journal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Append()
    {
        long last = -1;
        for (int appended = 0; appended < Records; appended += BatchRecords)
        {
            using RecordBatch batch = _journal.BeginBatch();
            for (int i = 0; i < BatchRecords; i++)
            {
                if (batch.TryAppend(RecordKind.Publish, _header, _payload, out last) != AppendOutcome.Appended)
                    throw new InvalidOperationException($"The journal is {_journal.State}.");
            }
        }

        _journal.WaitForDurableAsync(last, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
