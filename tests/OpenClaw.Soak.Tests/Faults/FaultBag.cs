namespace OpenClaw.Soak.Tests.Faults;

/// <summary>Draws faults at random, each once before any comes again.</summary>
internal sealed class FaultBag(IReadOnlyList<Fault> faults, Random random)
{
    private readonly Queue<Fault> _drawn = new();

    public Fault Next()
    {
        if (_drawn.Count == 0)
        {
            Fault[] shuffled = [.. faults];
            random.Shuffle(shuffled);
            foreach (Fault fault in shuffled)
            {
                _drawn.Enqueue(fault);
            }
        }

        return _drawn.Dequeue();
    }
}
