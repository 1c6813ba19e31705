namespace OpenClaw.RateLimiting;

/// <summary>Validates charges.</summary>
internal static class ChargeValidator
{
    /// <summary>Most charges that one decision may have.</summary>
    public const int MaxCharges = 4;

    /// <exception cref="ArgumentException">A charge is invalid.</exception>
    public static void Check(ReadOnlySpan<Charge> charges)
    {
        if (charges.Length is 0 or > MaxCharges)
        {
            throw new ArgumentException($"A decision has 1 to {MaxCharges} charges; this one has {charges.Length}.", nameof(charges));
        }

        for (var i = 0; i < charges.Length; i++)
        {
            ref readonly Charge charge = ref charges[i];
            ArgumentNullException.ThrowIfNull(charge.Policy, nameof(charges));
            if (charge.Cost < 0)
            {
                throw new ArgumentException(
                    $"Cost is {charge.Cost}; it must not be negative. To return tokens, use {nameof(IRateLimiterClient.RefundAsync)}.",
                    nameof(charges));
            }

            if (charge.Partition is not { Length: > 0 and <= 256 })
            {
                throw new ArgumentException(
                    $"Partition has {charge.Partition?.Length ?? 0} characters; it must have 1 to 256.", nameof(charges));
            }

            for (var j = 0; j < i; j++)
            {
                if (charges[j].Policy.Name == charge.Policy.Name && charges[j].Partition == charge.Partition)
                {
                    throw new ArgumentException(
                        $"Policy '{charge.Policy.Name}' charges the same partition twice; add the costs up.", nameof(charges));
                }
            }
        }
    }
}
