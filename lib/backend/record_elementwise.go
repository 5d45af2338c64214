package backend

// Operations of one value or of two.

func (f *recorder) Abs(x value) (value, error) { return f.one("Abs", x)(f.in.Abs(x)) }

func (f *recorder) BitCount(operand value) (value, error) {
	return f.one("BitCount", operand)(f.in.BitCount(operand))
}

func (f *recorder) BitwiseNot(x value) (value, error) {
	return f.one("BitwiseNot", x)(f.in.BitwiseNot(x))
}

func (f *recorder) Ceil(x value) (value, error) { return f.one("Ceil", x)(f.in.Ceil(x)) }

func (f *recorder) Clz(x value) (value, error) { return f.one("Clz", x)(f.in.Clz(x)) }

func (f *recorder) Conj(x value) (value, error) { return f.one("Conj", x)(f.in.Conj(x)) }

func (f *recorder) Cos(x value) (value, error) { return f.one("Cos", x)(f.in.Cos(x)) }

func (f *recorder) DynamicShape(operand value) (value, error) {
	return f.one("DynamicShape", operand)(f.in.DynamicShape(operand))
}

func (f *recorder) Erf(x value) (value, error) { return f.one("Erf", x)(f.in.Erf(x)) }

func (f *recorder) Exp(x value) (value, error) { return f.one("Exp", x)(f.in.Exp(x)) }

func (f *recorder) Expm1(x value) (value, error) { return f.one("Expm1", x)(f.in.Expm1(x)) }

func (f *recorder) Floor(x value) (value, error) { return f.one("Floor", x)(f.in.Floor(x)) }

func (f *recorder) Identity(x value) (value, error) { return f.one("Identity", x)(f.in.Identity(x)) }

func (f *recorder) Imag(x value) (value, error) { return f.one("Imag", x)(f.in.Imag(x)) }

func (f *recorder) IsFinite(x value) (value, error) { return f.one("IsFinite", x)(f.in.IsFinite(x)) }

func (f *recorder) IsNaN(x value) (value, error) { return f.one("IsNaN", x)(f.in.IsNaN(x)) }

func (f *recorder) Log(x value) (value, error) { return f.one("Log", x)(f.in.Log(x)) }

func (f *recorder) Log1p(x value) (value, error) { return f.one("Log1p", x)(f.in.Log1p(x)) }

func (f *recorder) LogicalNot(x value) (value, error) {
	return f.one("LogicalNot", x)(f.in.LogicalNot(x))
}

func (f *recorder) Logistic(x value) (value, error) { return f.one("Logistic", x)(f.in.Logistic(x)) }

func (f *recorder) Neg(x value) (value, error) { return f.one("Neg", x)(f.in.Neg(x)) }

func (f *recorder) Real(x value) (value, error) { return f.one("Real", x)(f.in.Real(x)) }

func (f *recorder) Round(x value) (value, error) { return f.one("Round", x)(f.in.Round(x)) }

func (f *recorder) Rsqrt(x value) (value, error) { return f.one("Rsqrt", x)(f.in.Rsqrt(x)) }

func (f *recorder) Sign(x value) (value, error) { return f.one("Sign", x)(f.in.Sign(x)) }

func (f *recorder) Sin(x value) (value, error) { return f.one("Sin", x)(f.in.Sin(x)) }

func (f *recorder) Sqrt(x value) (value, error) { return f.one("Sqrt", x)(f.in.Sqrt(x)) }

func (f *recorder) Tanh(x value) (value, error) { return f.one("Tanh", x)(f.in.Tanh(x)) }

func (f *recorder) Add(lhs, rhs value) (value, error) {
	return f.one("Add", lhs, rhs)(f.in.Add(lhs, rhs))
}

func (f *recorder) Atan2(lhs, rhs value) (value, error) {
	return f.one("Atan2", lhs, rhs)(f.in.Atan2(lhs, rhs))
}

func (f *recorder) BitwiseAnd(lhs, rhs value) (value, error) {
	return f.one("BitwiseAnd", lhs, rhs)(f.in.BitwiseAnd(lhs, rhs))
}

func (f *recorder) BitwiseOr(lhs, rhs value) (value, error) {
	return f.one("BitwiseOr", lhs, rhs)(f.in.BitwiseOr(lhs, rhs))
}

func (f *recorder) BitwiseXor(lhs, rhs value) (value, error) {
	return f.one("BitwiseXor", lhs, rhs)(f.in.BitwiseXor(lhs, rhs))
}

func (f *recorder) Complex(lhs, rhs value) (value, error) {
	return f.one("Complex", lhs, rhs)(f.in.Complex(lhs, rhs))
}

func (f *recorder) Div(lhs, rhs value) (value, error) {
	return f.one("Div", lhs, rhs)(f.in.Div(lhs, rhs))
}

func (f *recorder) Equal(lhs, rhs value) (value, error) {
	return f.one("Equal", lhs, rhs)(f.in.Equal(lhs, rhs))
}

func (f *recorder) EqualTotalOrder(lhs, rhs value) (value, error) {
	return f.one("EqualTotalOrder", lhs, rhs)(f.in.EqualTotalOrder(lhs, rhs))
}

func (f *recorder) GreaterOrEqual(lhs, rhs value) (value, error) {
	return f.one("GreaterOrEqual", lhs, rhs)(f.in.GreaterOrEqual(lhs, rhs))
}

func (f *recorder) GreaterOrEqualTotalOrder(lhs, rhs value) (value, error) {
	return f.one("GreaterOrEqualTotalOrder", lhs, rhs)(f.in.GreaterOrEqualTotalOrder(lhs, rhs))
}

func (f *recorder) GreaterThan(lhs, rhs value) (value, error) {
	return f.one("GreaterThan", lhs, rhs)(f.in.GreaterThan(lhs, rhs))
}

func (f *recorder) GreaterThanTotalOrder(lhs, rhs value) (value, error) {
	return f.one("GreaterThanTotalOrder", lhs, rhs)(f.in.GreaterThanTotalOrder(lhs, rhs))
}

func (f *recorder) LessOrEqual(lhs, rhs value) (value, error) {
	return f.one("LessOrEqual", lhs, rhs)(f.in.LessOrEqual(lhs, rhs))
}

func (f *recorder) LessOrEqualTotalOrder(lhs, rhs value) (value, error) {
	return f.one("LessOrEqualTotalOrder", lhs, rhs)(f.in.LessOrEqualTotalOrder(lhs, rhs))
}

func (f *recorder) LessThan(lhs, rhs value) (value, error) {
	return f.one("LessThan", lhs, rhs)(f.in.LessThan(lhs, rhs))
}

func (f *recorder) LessThanTotalOrder(lhs, rhs value) (value, error) {
	return f.one("LessThanTotalOrder", lhs, rhs)(f.in.LessThanTotalOrder(lhs, rhs))
}

func (f *recorder) LogicalAnd(lhs, rhs value) (value, error) {
	return f.one("LogicalAnd", lhs, rhs)(f.in.LogicalAnd(lhs, rhs))
}

func (f *recorder) LogicalOr(lhs, rhs value) (value, error) {
	return f.one("LogicalOr", lhs, rhs)(f.in.LogicalOr(lhs, rhs))
}

func (f *recorder) LogicalXor(lhs, rhs value) (value, error) {
	return f.one("LogicalXor", lhs, rhs)(f.in.LogicalXor(lhs, rhs))
}

func (f *recorder) Max(lhs, rhs value) (value, error) {
	return f.one("Max", lhs, rhs)(f.in.Max(lhs, rhs))
}

func (f *recorder) Min(lhs, rhs value) (value, error) {
	return f.one("Min", lhs, rhs)(f.in.Min(lhs, rhs))
}

func (f *recorder) Mul(lhs, rhs value) (value, error) {
	return f.one("Mul", lhs, rhs)(f.in.Mul(lhs, rhs))
}

func (f *recorder) NotEqual(lhs, rhs value) (value, error) {
	return f.one("NotEqual", lhs, rhs)(f.in.NotEqual(lhs, rhs))
}

func (f *recorder) NotEqualTotalOrder(lhs, rhs value) (value, error) {
	return f.one("NotEqualTotalOrder", lhs, rhs)(f.in.NotEqualTotalOrder(lhs, rhs))
}

func (f *recorder) Pow(lhs, rhs value) (value, error) {
	return f.one("Pow", lhs, rhs)(f.in.Pow(lhs, rhs))
}

func (f *recorder) Rem(lhs, rhs value) (value, error) {
	return f.one("Rem", lhs, rhs)(f.in.Rem(lhs, rhs))
}

func (f *recorder) ShiftLeft(lhs, rhs value) (value, error) {
	return f.one("ShiftLeft", lhs, rhs)(f.in.ShiftLeft(lhs, rhs))
}

func (f *recorder) ShiftRightArithmetic(lhs, rhs value) (value, error) {
	return f.one("ShiftRightArithmetic", lhs, rhs)(f.in.ShiftRightArithmetic(lhs, rhs))
}

func (f *recorder) ShiftRightLogical(lhs, rhs value) (value, error) {
	return f.one("ShiftRightLogical", lhs, rhs)(f.in.ShiftRightLogical(lhs, rhs))
}

func (f *recorder) Sub(lhs, rhs value) (value, error) {
	return f.one("Sub", lhs, rhs)(f.in.Sub(lhs, rhs))
}
