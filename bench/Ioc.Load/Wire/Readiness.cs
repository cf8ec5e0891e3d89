using System.Runtime.InteropServices;

namespace Ioc.Load.Wire;

/// <summary>Waits until one of many sockets can be read or written: one system call for all, and no hand-over between threads.</summary>
internal sealed partial class Readiness
{
    private const short Readable = 0x1, Writable = 0x4, Broken = 0x8 | 0x10;

    private readonly Entry[] _entries;

    public Readiness(IReadOnlyList<WireSocket> sockets) => _entries = [.. sockets.Select(socket => new Entry { Descriptor = socket.Descriptor })];

    public bool IsReadable(int index) => (_entries[index].Happened & (Readable | Broken)) != 0;

    /// <summary>Sockets are always waited for to be readable; to be writable only where asked.</summary>
    public void WantWritable(int index, bool wanted) => _entries[index].Wanted = (short)(wanted ? Readable | Writable : Readable);

    /// <summary>Returns when something can be done, or when <paramref name="longest"/> is over.</summary>
    public unsafe void Wait(TimeSpan longest)
    {
        long nanoseconds = (long)Math.Max(0, longest.TotalNanoseconds);
        var timeout = new Timespec { Seconds = (nint)(nanoseconds / 1_000_000_000), Nanoseconds = (nint)(nanoseconds % 1_000_000_000) };
        fixed (Entry* entries = _entries)
        {
            if (Poll(entries, (nuint)_entries.Length, &timeout, null) < 0)
            {
                // Interrupted by a signal: nothing happened.
                foreach (ref Entry entry in _entries.AsSpan())
                    entry.Happened = 0;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static unsafe partial int Poll(Entry* entries, nuint count, Timespec* timeout, void* signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
