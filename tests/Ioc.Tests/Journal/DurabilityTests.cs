using Ioc.Journal;
using Ioc.Testing;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Ioc.Tests.Journal;

public class DurabilityTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_is_neither_durable_nor_readable_before_its_flush_has_returned()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SlowDisk();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 1 << 16), flush: disk.Flush);
        await journal.AppendDurableAsync("first");

        disk.Hold();
        journal.Append("held back");
        ValueTask wait = journal.WaitForDurableAsync(1, Stopping);
        await Wait.UntilAsync(() => disk.IsHolding);

        Assert.Equal((2, 1), (journal.TailOffset, journal.DurableOffset));
        Assert.False(wait.IsCompleted);
        Assert.Equal(["first"], journal.ReadPayloads());
        Assert.False(journal.TryReadAt(1, out _));

        disk.Release();
        await wait;
        Assert.Equal(2, journal.DurableOffset);
        Assert.Equal(["first", "held back"], journal.ReadPayloads());
    }

    [Fact]
    public async Task Appends_go_on_during_a_flush_and_one_more_flush_makes_all_of_them_durable()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SlowDisk();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 1 << 20), flush: disk.Flush);
        await journal.AppendDurableAsync("a");

        disk.Hold();
        journal.Append("b");
        await Wait.UntilAsync(() => disk.IsHolding);
        foreach (string payload in Journals.Numbered(300))
            journal.Append(payload);

        int flushes = disk.FlushCount;
        disk.Release();
        await journal.WaitForDurableAsync(301, Stopping);
        // The one that was held back, and one for all the rest.
        Assert.Equal(2, disk.FlushCount - flushes);
    }

    [Fact]
    public async Task With_both_buffers_full_an_append_waits_for_the_disk_and_is_refused_when_that_takes_too_long()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SlowDisk();
        JournalOptions options = Journals.Small(folder.FullName, segmentBytes: 1 << 20);
        options.MaxRecordBytes = options.BufferBytes = 4096;
        options.StallLimitMs = 100;
        await using RecordJournal journal = Journals.Open(options, flush: disk.Flush);
        await journal.AppendDurableAsync("ready");

        disk.Hold();
        var accepted = new List<string>();
        foreach (string payload in Journals.Numbered(1000))
        {
            if (journal.TryAppend(payload, out _) != AppendOutcome.Appended)
                break;
            accepted.Add(payload);
            if (accepted.Count == 1)
                await Wait.UntilAsync(() => disk.IsHolding);
        }

        Assert.InRange(accepted.Count, 20, 2 * 4096 / 100);
        Assert.Equal(JournalState.Stalled, journal.State);

        disk.Release();
        await Wait.UntilAsync(() => journal.State == JournalState.Accepting);
        await journal.AppendDurableAsync("after");
        Assert.Equal(["ready", .. accepted, "after"], journal.ReadPayloads());
    }

    [Fact]
    public async Task After_a_failed_flush_nothing_is_taken_everybody_who_waits_is_told_and_the_flush_is_not_tried_again()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SlowDisk();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 1 << 16), flush: disk.Flush);
        await journal.AppendDurableAsync("durable");

        disk.Fault = new IOException("the disk has had it");
        journal.Append("lost");
        var failed = await Assert.ThrowsAsync<JournalFailedException>(async () => await journal.WaitForDurableAsync(1, Stopping));
        Assert.Contains("the disk has had it", failed.Message, StringComparison.Ordinal);

        disk.Fault = null;
        int flushes = disk.FlushCount;
        Assert.Equal(JournalState.Failed, journal.State);
        Assert.Same(failed.InnerException, journal.Failure);
        Assert.Equal(AppendOutcome.Unavailable, journal.TryAppend("refused", out _));
        await Assert.ThrowsAsync<JournalFailedException>(async () => await journal.WaitForDurableBeyondAsync(1, Stopping));
        Assert.Equal(1, journal.DurableOffset);
        Assert.Equal(flushes, disk.FlushCount);
        Assert.Equal(["durable"], journal.ReadPayloads());
    }

    [Fact]
    public async Task Closing_flushes_what_was_taken_and_tells_those_who_wait_for_more()
    {
        using var folder = new TemporaryFolder();
        JournalOptions options = Journals.Small(folder.FullName);
        RecordJournal journal = Journals.Open(options);
        string[] payloads = Journals.Numbered(500);
        foreach (string payload in payloads)
            journal.Append(payload);

        Task more = journal.WaitForDurableBeyondAsync(500, Stopping).AsTask();
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<JournalFailedException>(() => more);
        Assert.Equal(AppendOutcome.Unavailable, journal.TryAppend("late", out _));

        await using RecordJournal again = Journals.Open(options);
        Assert.Equal(payloads, again.ReadPayloads());
    }

    [Fact]
    public async Task Waiters_wake_when_their_own_record_is_durable_and_can_give_up()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SlowDisk();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName, segmentBytes: 1 << 16), flush: disk.Flush);
        await journal.AppendDurableAsync("ready");
        using var impatience = new CancellationTokenSource();
        Task far = journal.WaitForDurableAsync(2, Stopping).AsTask();
        Task impatient = journal.WaitForDurableBeyondAsync(1, impatience.Token).AsTask();

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        Task[] near = [.. Enumerable.Range(0, 50).Select(_ => journal.WaitForDurableAsync(1, Stopping).AsTask())];
        await journal.AppendDurableAsync("one");
        await Task.WhenAll(near);
        Assert.False(far.IsCompleted);

        await journal.AppendDurableAsync("two");
        await far;
        await journal.WaitForDurableAsync(0, Stopping);
    }

    [Fact]
    public async Task Waiting_over_and_over_reuses_its_memory()
    {
        using var folder = new TemporaryFolder();
        await using RecordJournal journal = Journals.Open(Journals.Small(folder.FullName));
        for (int i = 0; i < 300; i++)
        {
            using var patience = new CancellationTokenSource();
            journal.Append("x");
            ValueTask durable = journal.WaitForDurableAsync(i, patience.Token);
            if (i % 3 == 0)
                await patience.CancelAsync();

            try
            {
                await durable;
                Assert.True(journal.DurableOffset > i);
            }
            catch (OperationCanceledException)
            {
                Assert.Equal(0, i % 3);
            }
        }
    }

    [Fact]
    public async Task A_commit_interval_gathers_what_comes_in_meanwhile()
    {
        using var folder = new TemporaryFolder();
        using var disk = new SlowDisk();
        JournalOptions options = Journals.Small(folder.FullName, segmentBytes: 1 << 20);
        options.CommitIntervalMs = 300;
        await using RecordJournal journal = Journals.Open(options, flush: disk.Flush);
        await journal.AppendDurableAsync("ready");
        int flushes = disk.FlushCount;

        foreach (string payload in Journals.Numbered(100))
        {
            journal.Append(payload);
            await Task.Yield();
        }

        await journal.WaitForDurableAsync(100, Stopping);
        Assert.InRange(disk.FlushCount - flushes, 1, 3);
    }

    /// <summary>Flushes for real, but can be held back, counted and broken.</summary>
    private sealed class SlowDisk : IDisposable
    {
        private readonly ManualResetEventSlim _open = new(initialState: true);
        private int _flushCount;

        public int FlushCount => Volatile.Read(ref _flushCount);

        public bool IsHolding { get; private set; }

        public IOException? Fault { get; set; }

        public void Hold() => _open.Reset();

        public void Release()
        {
            IsHolding = false;
            _open.Set();
        }

        public void Flush(SafeFileHandle file)
        {
            IsHolding = !_open.IsSet;
            _open.Wait(Stopping);
            Interlocked.Increment(ref _flushCount);
            if (Fault is { } fault)
                throw fault;

            RandomAccess.FlushToDisk(file);
        }

        public void Dispose()
        {
            _open.Set();
            _open.Dispose();
        }
    }
}
