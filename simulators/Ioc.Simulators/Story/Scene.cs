namespace Ioc.Simulators.Story;

/// <summary>One thing that befalls one device, again and again. All times in real seconds.</summary>
/// <param name="Device">Its key.</param>
/// <param name="After">From the start of the run to the first rise.</param>
/// <param name="Every">From one rise to the next; longer than rise, hold and fall together.</param>
internal sealed record Scene(SceneKind Kind, string Device, double After, double Rise, double Hold, double Fall, double Every)
{
    /// <summary>0 before and between, 1 while it holds, straight lines between.</summary>
    public double StrengthAt(double sinceStart)
    {
        if (sinceStart < After)
            return 0;

        double t = (sinceStart - After) % Every;
        if (t < Rise)
            return t / Rise;
        if (t < Rise + Hold)
            return 1;

        return Math.Max(0, 1 - (t - Rise - Hold) / Fall);
    }
}
