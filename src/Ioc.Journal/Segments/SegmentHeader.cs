namespace Ioc.Journal.Segments;

internal static class SegmentHeader
{
    public const int Bytes = 64;
}
