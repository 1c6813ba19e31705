using System.Numerics;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>An exact rational number.</summary>
internal readonly struct Fraction(BigInteger numerator, BigInteger denominator)
{
    public static readonly Fraction Zero = new(0, 1);

    public static implicit operator Fraction(BigInteger whole) => new(whole, 1);

    public static implicit operator Fraction(long whole) => new(whole, 1);

    public BigInteger Floor => BigInteger.Divide(Numerator - Mod(Numerator, Denominator), Denominator);

    public BigInteger Ceiling => -(Zero - this).Floor;

    private BigInteger Numerator { get; } = numerator / BigInteger.GreatestCommonDivisor(numerator, denominator);

    private BigInteger Denominator { get; } = denominator / BigInteger.GreatestCommonDivisor(numerator, denominator);

    public static Fraction operator +(Fraction a, Fraction b)
        => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator -(Fraction a, Fraction b)
        => new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Fraction operator *(Fraction a, Fraction b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static Fraction operator /(Fraction a, Fraction b) => b.Numerator > 0
        ? new(a.Numerator * b.Denominator, a.Denominator * b.Numerator)
        : throw new DivideByZeroException();

    public static bool operator <(Fraction a, Fraction b) => a.Numerator * b.Denominator < b.Numerator * a.Denominator;

    public static bool operator >(Fraction a, Fraction b) => b < a;

    public static bool operator <=(Fraction a, Fraction b) => !(b < a);

    public static bool operator >=(Fraction a, Fraction b) => !(a < b);

    public static Fraction Min(Fraction a, Fraction b) => a < b ? a : b;

    public static Fraction Max(Fraction a, Fraction b) => a < b ? b : a;

    public override string ToString() => $"{Numerator}/{Denominator}";

    private static BigInteger Mod(BigInteger a, BigInteger b) => ((a % b) + b) % b;
}
